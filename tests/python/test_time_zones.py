"""Time zones: what TZ names, its history, and what localtime(), mktime() and strftime() make of it, as glibc does."""
# SPDX-License-Identifier: MIT
import datetime
import os
import struct
import tempfile
import threading
import time
import unittest
import zoneinfo

#: TZ -> tzname, timezone, altzone, daylight.
NAMES = {
    "America/New_York": (("EST", "EDT"), 18000, 14400, 1),
    "Europe/Paris": (("CET", "CEST"), -3600, -7200, 1),
    "Europe/Dublin": (("GMT", "IST"), 0, -3600, 1),
    "Europe/Moscow": (("MSK", "MSK"), -10800, -10800, 0),
    ":Asia/Kolkata": (("IST", "IST"), -19800, -19800, 0),
    "Australia/Sydney": (("AEST", "AEDT"), -36000, -39600, 1),
    "America/Sao_Paulo": (("-03", "-03"), 10800, 10800, 0),
    "UTC+0": (("UTC", "UTC"), 0, 0, 0),
    "EST5": (("EST", "EST"), 18000, 18000, 0),
    "<+0330>-3:30": (("+0330", "+0330"), -12600, -12600, 0),
    "EST+05EDT": (("EST", "EDT"), 18000, 14400, 1),
    "EST+05EDT,M4.1.0,M10.5.0": (("EST", "EDT"), 18000, 14400, 1),
    "AEST-10AEDT-11,M10.5.0,M3.5.0": (("AEST", "AEDT"), -36000, -39600, 1),
    "EST5EDT4,J60,J300": (("EST", "EDT"), 18000, 14400, 1),
    "Nonsense": (("Nonsense", "Nonsense"), 0, 0, 0),
    "A5": (("", ""), 0, 0, 0),
    "/no/such/file": (("", ""), 0, 0, 0),
}

#: (TZ, seconds) -> what localtime() shows of them.
MOMENTS = {
    ("Europe/London", 0): ("1970-01-01 01:00:00", "BST", 3600, 0),
    ("Europe/London", -2**31): ("1901-12-13 20:45:52", "GMT", 0, 0),
    ("Europe/London", 4_000_000_000): ("2096-10-02 08:06:40", "BST", 3600, 1),
    ("Europe/Moscow", 1_000_000_000): ("2001-09-09 05:46:40", "MSD", 14400, 1),
    ("Europe/Moscow", 1_350_000_000): ("2012-10-12 04:00:00", "MSK", 14400, 0),
    ("Europe/Moscow", 1_500_000_000): ("2017-07-14 05:40:00", "MSK", 10800, 0),
    ("Europe/Paris", -900_000_000): ("1941-06-25 10:00:00", "CEST", 7200, 1),
    ("America/New_York", -2**31): ("1901-12-13 15:45:52", "EST", -18000, 0),
    ("Pacific/Apia", 1_325_239_200): ("2011-12-31 00:00:00", "+14", 50400, 1),
    ("Asia/Kathmandu", 400_000_000): ("1982-09-04 20:36:40", "+0530", 19800, 0),
    # Some years without summer time between others with it.
    ("Europe/Tallinn", 1_000_000_000): ("2001-09-09 03:46:40", "EET", 7200, 0),
    ("Pacific/Norfolk", 1_456_492_749): ("2016-02-27 00:19:09", "+11", 39600, 0),
    # A rule begins in 1970.
    ("EST5EDT,M3.2.0,M11.1.0", -17_280_000): ("1969-06-14 19:00:00", "EST", -18000, 0),
    ("EST5EDT,M3.2.0,M11.1.0", 17_280_000): ("1970-07-19 20:00:00", "EDT", -14400, 1),
    ("AEST-10AEDT,M10.1.0,M4.1.0/3", -17_280_000): ("1969-06-15 11:00:00", "AEDT", 39600, 1),
    ("AEST-10AEDT,M10.1.0,M4.1.0/3", 17_280_000): ("1970-07-20 10:00:00", "AEST", 36000, 0),
    ("Australia/Lord_Howe", 1_700_000_000): ("2023-11-15 09:13:20", "+11", 39600, 1),
}

#: (TZ, local time, tm_isdst) -> what mktime() gives.
LOCAL = {
    ("America/New_York", (2020, 7, 1, 12, 0, 0), -1): 1593619200,
    ("America/New_York", (2020, 7, 1, 12, 0, 0), 0): 1593622800,
    ("America/New_York", (2020, 1, 1, 12, 0, 0), 1): 1577894400,
    ("America/New_York", (2020, 3, 8, 2, 30, 0), -1): 1583652600,  # is jumped over
    # Is there twice. (With -1, glibc's answer depends on the call before.)
    ("America/New_York", (2020, 11, 1, 1, 30, 0), 1): 1604208600,
    ("America/New_York", (2020, 11, 1, 1, 30, 0), 0): 1604212200,
    ("Asia/Tokyo", (2020, 1, 1, 0, 0, 0), 1): 1577800800,
    ("America/New_York", (1943, 3, 8, 0, 30, 0), 0): -846354600,
    ("Africa/Algiers", (1988, 8, 30, 12, 0, 0), 1): 588938400,  # the last summer time was eight years ago
}


class Zones(unittest.TestCase):
    def setUp(self):
        self.addCleanup(time.tzset)
        old = os.environ.get("TZ")
        self.addCleanup(os.environ.__setitem__ if old is not None else os.environ.pop, "TZ", old)

    def use(self, zone):
        os.environ["TZ"] = zone
        time.tzset()

    def test_names(self):
        for zone, expected in NAMES.items():
            with self.subTest(zone):
                self.use(zone)
                self.assertEqual((time.tzname, time.timezone, time.altzone, time.daylight), expected)

    def test_moments(self):
        for (zone, seconds), expected in MOMENTS.items():
            with self.subTest(zone=zone, seconds=seconds):
                self.use(zone)
                seen = time.localtime(seconds)
                text = time.strftime("%Y-%m-%d %H:%M:%S", seen)
                self.assertEqual((text, seen.tm_zone, seen.tm_gmtoff, seen.tm_isdst), expected)
                sign, offset = "+-"[seen.tm_gmtoff < 0], abs(seen.tm_gmtoff)
                shown = f"{seen.tm_zone} {sign}{offset // 3600:02}{offset // 60 % 60:02}"
                self.assertEqual(time.strftime("%Z %z", seen), shown)

    def test_mktime(self):
        for (zone, fields, is_dst), expected in LOCAL.items():
            with self.subTest(zone=zone, fields=fields, is_dst=is_dst):
                self.use(zone)
                self.assertEqual(time.mktime((*fields, 0, 0, is_dst)), expected)

    def test_mktime_takes_fields_beyond_their_ranges(self):
        self.use("America/New_York")
        self.assertEqual(time.mktime((2020, 14, 35, 25, 61, 61, 0, 0, -1)), 1615186921)
        self.assertEqual(time.mktime((2020, -3, 0, 0, 0, 0, 0, 0, -1)), 1567224000)

    def test_years_that_do_not_fit(self):
        self.use("Europe/Paris")
        self.assertEqual(time.localtime(2**40).tm_year, 36812)
        self.assertEqual(time.localtime(-2**40).tm_year, -32873)
        for seconds in (2**62, -2**62):
            with self.assertRaises((OverflowError, ValueError, OSError)):
                time.localtime(seconds)

    def test_datetime(self):
        self.use("Europe/Paris")
        moment = datetime.datetime.fromtimestamp(1_700_000_000).astimezone()
        self.assertEqual((moment.isoformat(), moment.tzname()), ("2023-11-14T23:13:20+01:00", "CET"))

    def test_zoneinfo(self):
        self.assertGreater(len(zoneinfo.available_timezones()), 400)
        moment = datetime.datetime(1950, 7, 1, 12, tzinfo=zoneinfo.ZoneInfo("America/New_York"))
        self.assertEqual((moment.utcoffset(), moment.tzname()), (datetime.timedelta(hours=-4), "EDT"))

    def test_every_zone_is_as_zoneinfo_has_it(self):
        moments = range(-2**31, 2**32, 33 * 86400 + 3601)
        for name in sorted(zoneinfo.available_timezones() - {"localtime"}):
            zone = zoneinfo.ZoneInfo(name)
            self.use(name)
            for seconds in moments:
                seen = time.localtime(seconds)
                expected = datetime.datetime.fromtimestamp(seconds, zone)
                offset = expected.utcoffset().total_seconds()
                self.assertEqual((seen.tm_gmtoff, seen.tm_zone), (offset, expected.tzname()), (name, seconds))

    def test_damaged_files(self):
        with open(os.path.join(zoneinfo.TZPATH[0], "Europe/Paris"), "rb") as file:
            good = file.read()
        counts = 20  # where the six counts of the first header begin
        damaged = [b"", b"TZif", good[:-30], good[:200], b"x" + good[1:], good[:4] + b"1" + good[5:]]
        damaged += [good[:counts + 4 * i] + struct.pack(">I", n) + good[counts + 4 * i + 4:]
                    for i in range(6) for n in (1, 0xffff, 0x7fffffff, 0xffffffff)]
        for start in range(44, len(good), 97):
            damaged.append(good[:start] + bytes(byte ^ 0xff for byte in good[start:start + 40]) + good[start + 40:])
        with tempfile.TemporaryDirectory() as folder:
            for number, content in enumerate(damaged):
                path = os.path.join(folder, f"zone{number}")
                with open(path, "wb") as file:
                    file.write(content)
                self.use(path)
                for seconds in (0, -2**31, 1_700_000_000, 2**35):
                    self.assertLess(abs(time.localtime(seconds).tm_gmtoff), 2**26)

    def test_threads_while_the_zone_changes(self):
        zones = {"Europe/Paris": "CET", "America/New_York": "EST", "Asia/Tokyo": "JST", "UTC+0": "UTC"}
        stop = threading.Event()
        wrong = []

        def look():
            while not stop.is_set():
                seen = time.localtime(1_700_000_000)
                if seen.tm_zone not in zones.values():
                    wrong.append(seen)

        threads = [threading.Thread(target=look) for _ in range(4)]
        for thread in threads:
            thread.start()
        for _ in range(300):
            for zone in zones:
                self.use(zone)
        stop.set()
        for thread in threads:
            thread.join()
        self.assertEqual(wrong, [])


if __name__ == "__main__":
    unittest.main()
