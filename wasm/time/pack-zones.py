"""Packs the time zones: their files as one archive, and a list of what each has now."""
# SPDX-License-Identifier: MIT
#
# usage: pack-zones.py ZONEINFO ARCHIVE LIST
#   ZONEINFO  the folder of compiled zones (TZif, RFC 9636) and tzdata.zi, as Debian's tzdata has it
#   ARCHIVE   a zip archive: each zone's file without its block of 32-bit times, and `links`, a line for each other
#             name: the name, a tab, the zone's name
#   LIST      a line for each name, sorted: the name, a tab, the time from which on the zone's own rule holds for ever
#             (seconds since 1970), a tab, the rule in POSIX's form
#
# A start needs the rule only; who asks for earlier times is given the file.

import pathlib
import re
import struct
import sys
import zipfile

EPOCH = (2025, 1, 1, 0, 0, 0)
HEADER = struct.Struct(">4sc15x6I")
DAY = 86400


def counts(data, at):
    magic, version, *numbers = HEADER.unpack_from(data, at)
    if magic != b"TZif" or version < b"2":
        raise SystemExit("pack-zones.py: a zone is no TZif file of version 2 or later")
    return version, numbers


def block_size(numbers, time_size):
    isut, isstd, leap, time, kind, text = numbers
    return time * (time_size + 1) + kind * 6 + text + leap * (time_size + 4) + isstd + isut


def later_block(data):
    """The header, the bytes of the 64-bit block, and the rule after it."""
    version, numbers = counts(data, 0)
    start = HEADER.size + block_size(numbers, 4)
    _, numbers = counts(data, start)
    end = start + HEADER.size + block_size(numbers, 8)
    rule = data[end:].strip(b"\n").decode()
    return version, numbers, data[start:], start, rule


def slim(data):
    version, _, rest, _, _ = later_block(data)
    # Every count of the first block is 0 but for those of types and characters, which have to be 1.
    empty = HEADER.pack(b"TZif", version, 0, 0, 0, 0, 1, 1) + bytes(6 + 1)
    return empty + rest


def transitions(data):
    """(time, offset, is_dst, name) of each change, in order."""
    _, (_, _, _, time, kind, text), block, _, _ = later_block(data)
    at = HEADER.size
    times = struct.unpack_from(f">{time}q", block, at)
    kinds = block[at + time * 8:at + time * 9]
    at += time * 9
    types = [struct.unpack_from(">iBB", block, at + 6 * number) for number in range(kind)]
    names = block[at + 6 * kind:at + 6 * kind + text]

    def described(index):
        offset, is_dst, name = types[index]
        return offset, bool(is_dst), names[name:names.index(b"\0", name)].decode()

    return [(when, *described(index)) for when, index in zip(times, kinds)]


NAME = r"(?:[A-Za-z]{3,}|<[^>]+>)"
TIME = r"[-+]?\d+(?::\d+){0,2}"
RULE = re.compile(rf"({NAME})({TIME})(?:({NAME})({TIME})?,(M[\d.]+)(?:/({TIME}))?,(M[\d.]+)(?:/({TIME}))?)?$")


def seconds(text):
    sign = -1 if text.startswith("-") else 1
    hours, minutes, rest = [*map(int, text.lstrip("+-").split(":")), 0, 0][:3]
    return sign * (hours * 3600 + minutes * 60 + rest)


def days_before(year, month, day):
    """Days from 1970 to this one."""
    year -= month <= 2
    era, of_era = divmod(year, 400)
    of_year = (153 * (month + (-3 if month > 2 else 9)) + 2) // 5 + day - 1
    return era * 146097 + of_era * 365 + of_era // 4 - of_era // 100 + of_year - 719468


def change(year, day, time):
    """The local second of a change that is given as Mm.w.d."""
    month, week, weekday = map(int, day[1:].split("."))
    first = days_before(year, month, 1)
    last = days_before(year + (month == 12), month % 12 + 1, 1)
    found = first + (weekday - (first + 4)) % 7 + 7 * (week - 1)
    while found >= last:
        found -= 7
    return found * DAY + seconds(time or "2")


class Rule:
    def __init__(self, text):
        parts = RULE.match(text)
        if not parts:
            raise SystemExit(f"pack-zones.py: the rule {text!r} has a form that is not known here")
        name, offset, self.summer, summer_offset, *self.changes = parts.groups()
        self.name, self.offset = name.strip("<>"), -seconds(offset)
        if self.summer:
            self.summer = self.summer.strip("<>")
            self.summer_offset = -seconds(summer_offset) if summer_offset else self.offset + 3600

    def at(self, when):
        if self.summer:
            start_day, start_time, end_day, end_time = self.changes
            year = 1970 + (when + self.offset) // (DAY * 365.2425).__ceil__()
            for near in (year - 1, year, year + 1):
                start = change(near, start_day, start_time) - self.offset
                end = change(near, end_day, end_time) - self.summer_offset
                if end < start:  # the southern half: it ends in the next year
                    end = change(near + 1, end_day, end_time) - self.summer_offset
                if start <= when < end:
                    return self.summer_offset, True, self.summer
        return self.offset, False, self.name


def since(data, rule):
    """The first change from which on the rule says what the file says."""
    changes = transitions(data)
    first = None
    for number in range(len(changes) - 1, -1, -1):
        when, *told = changes[number]
        last = changes[number + 1][0] - 1 if number + 1 < len(changes) else when
        # In between too: a zone that was without summer time for years has the right time at both ends of them.
        if any(rule.at(moment) != tuple(told) for moment in (*range(when, last, 30 * DAY), last)):
            break
        first = when
    if first is None and changes:
        raise SystemExit("pack-zones.py: a zone's rule does not go on from its last change")
    return -(2**62) if first is None else first


def main(zoneinfo, archive, listing):
    folder = pathlib.Path(zoneinfo)
    links = {}
    zones = set()
    for line in (folder / "tzdata.zi").read_text().splitlines():
        words = line.split()
        if line.startswith("L "):
            links[words[2]] = words[1]
        elif line.startswith("Z "):
            zones.add(words[1])
    rules = {}
    with zipfile.ZipFile(archive, "w") as out:
        for name in sorted(zones):
            data = (folder / name).read_bytes()
            _, _, _, _, text = later_block(data)
            rules[name] = f"{since(data, Rule(text))}\t{text}"
            out.writestr(zipfile.ZipInfo(name, EPOCH), slim(data), zipfile.ZIP_STORED)
        lines = "".join(f"{name}\t{target}\n" for name, target in sorted(links.items()))
        out.writestr(zipfile.ZipInfo("links", EPOCH), lines, zipfile.ZIP_STORED)
    for name, target in links.items():
        rules[name] = rules[links.get(target, target)]
    pathlib.Path(listing).write_text("".join(f"{name}\t{rule}\n" for name, rule in sorted(rules.items())))
    print(f"{archive}: {len(zones)} zones, {len(links)} other names")


if __name__ == "__main__":
    main(*sys.argv[1:])
