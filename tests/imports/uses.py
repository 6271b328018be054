"""A small use of each package in requirements.txt. Run with a name, it prints what that use prints."""
# SPDX-License-Identifier: MIT
#
#     PYTHONPATH=FOLDER_OF_PACKAGES python uses.py NAME        or --list
#
# What a program prints must be the same at every run and under every Python 3.13.

import sys

USES = {
    "six": "import six; print(six.PY3, six.ensure_str(b'a'))",
    "attrs": "import attrs\n@attrs.define\nclass A:\n    x: int = 1\nprint(A(2), attrs.asdict(A()))",
    "packaging": "from packaging.version import Version; print(Version('1.10') > Version('1.9'))",
    "idna": "import idna; print(idna.encode('bücher.example'))",
    "certifi": "import certifi, os; print(os.path.basename(certifi.where()), len(certifi.contents()) > 1000)",
    "urllib3": "from urllib3.util import parse_url; print(parse_url('https://user@host:81/p?q#f'))",
    "requests": "import requests; print(requests.Request('GET', 'http://h/', params={'a': 1}).prepare().url)",
    "python-dateutil": "from dateutil import parser, rrule\nprint(parser.parse('3 May 2020 10:11'), len(list(rrule.rrule("
    "rrule.DAILY, count=3, dtstart=parser.parse('2020-01-01')))))",
    "pytz": "import pytz, datetime; print(pytz.timezone('Europe/Paris').localize(datetime.datetime(2020, 7, 1)))",
    "tzdata": "import zoneinfo, datetime\nzoneinfo.reset_tzpath(to=[])\n"
    "print(datetime.datetime(2020, 7, 1, tzinfo=zoneinfo.ZoneInfo('Asia/Tokyo')))",
    "click": "import click\nfrom click.testing import CliRunner\n@click.command()\n@click.option('--n', default=2)\n"
    "def f(n): click.echo('x' * n)\nprint(CliRunner().invoke(f, ['--n', '3']).output)",
    "rich": "from rich.console import Console; from rich.table import Table\nt = Table('a', 'b'); t.add_row('1', '2')\n"
    "Console(width=40, no_color=True).print(t)",
    "pygments": "from pygments import highlight, lexers, formatters\n"
    "print(highlight('a = 1', lexers.PythonLexer(), formatters.HtmlFormatter()))",
    "markdown-it-py": "from markdown_it import MarkdownIt; print(MarkdownIt().render('# a\\n*b*'))",
    "mdurl": "import mdurl; print(mdurl.encode('a b'))",
    "jinja2": "import jinja2; print(jinja2.Template('{% for i in n %}{{ i }},{% endfor %}').render(n=range(3)))",
    "itsdangerous": "import itsdangerous; print(itsdangerous.Signer('k').unsign(itsdangerous.Signer('k').sign('v')))",
    "werkzeug": "from werkzeug.routing import Map, Rule\n"
    "print(Map([Rule('/a/<int:x>', endpoint='e')]).bind('h').match('/a/3'))",
    "flask": "import flask\napp = flask.Flask('x')\n@app.get('/')\ndef f(): return {'a': 1}\n"
    "print(app.test_client().get('/').text)",
    "blinker": "import blinker; s = blinker.Signal(); s.connect(f := lambda sender: print(sender)); s.send('x')",
    "django": "import django\nfrom django.conf import settings\nsettings.configure(TEMPLATES=[{'BACKEND': "
    "'django.template.backends.django.DjangoTemplates'}])\ndjango.setup()\nfrom django.template import Context, Template\n"
    "print(Template('{{ a|upper }}').render(Context({'a': 'x'})))",
    "asgiref": "from asgiref.sync import async_to_sync\nasync def f(): return 3\nprint(async_to_sync(f)())",
    "sqlparse": "import sqlparse; print(sqlparse.format('select a from b', reindent=True, keyword_case='upper'))",
    "typing-extensions": "import typing_extensions as t; print(t.get_type_hints(type('A', (), {'__annotations__': {'x': int}})))",
    "bottle": "import bottle; print(bottle.template('{{a}}!', a=3))",
    "starlette": "from starlette.routing import Route; print(Route('/a/{x:int}', endpoint=print).path)",
    "anyio": "import anyio\nasync def f():\n    async with anyio.create_task_group() as g: g.start_soon(anyio.sleep, 0)\n"
    "    return await anyio.to_thread.run_sync(lambda: 4)\nprint(anyio.run(f))",
    "sniffio": "import sniffio, asyncio\nasync def f(): return sniffio.current_async_library()\nprint(asyncio.run(f()))",
    "httpx": "import httpx\nc = httpx.Client(transport=httpx.MockTransport(lambda r: httpx.Response(200, json={'p': r.url.path})))\n"
    "print(c.get('http://h/x').json())",
    "httpcore": "import httpcore; print(httpcore.URL('http://h/x'))",
    "h11": "import h11\nc = h11.Connection(h11.CLIENT)\nprint(c.send(h11.Request(method='GET', target='/', headers=[('Host', 'h')])))",
    "html5lib": "import html5lib, gc\nprint(html5lib.serialize(html5lib.parse('<p>a<b>c')))\ngc.collect()",
    "webencodings": "import webencodings; print(webencodings.lookup('latin1').name)",
    "beautifulsoup4": "from bs4 import BeautifulSoup; print(BeautifulSoup('<a href=x>b</a>', 'html.parser').a['href'])",
    "soupsieve": "import soupsieve; print(soupsieve.compile('a > b').pattern)",
    "docutils": "from docutils.core import publish_string\nprint(publish_string('*a*', writer='pseudoxml', settings_overrides="
    "{'output_encoding': 'unicode'}))",
    "markdown": "import markdown; print(markdown.markdown('# a\\n\\n* b'))",
    "mistune": "import mistune; print(mistune.html('**a**'))",
    "sympy": "import sympy; x = sympy.symbols('x'); print(sympy.integrate(sympy.sin(x) ** 2, x), sympy.solve(x**2 - 2))",
    "mpmath": "import mpmath; mpmath.mp.dps = 40; print(mpmath.pi)",
    "networkx": "import networkx as nx; print(nx.shortest_path(nx.path_graph(5), 0, 4))",
    "joblib": "from joblib import Parallel, delayed\nprint(Parallel(n_jobs=2, backend='threading')(delayed(abs)(-i) for i in range(4)))",
    "pytest": "import pytest\nprint(pytest.approx(0.3) == 0.1 + 0.2)\nwith pytest.raises(ZeroDivisionError): 1 / 0",
    "pluggy": "import pluggy; h = pluggy.HookspecMarker('x'); print(pluggy.PluginManager('x').project_name)",
    "iniconfig": "import iniconfig; print(iniconfig.IniConfig('x', data='[a]\\nb=1')['a']['b'])",
    "hypothesis": "from hypothesis import given, settings, strategies as st\n@settings(max_examples=20, database=None, "
    "deadline=None)\n@given(st.lists(st.integers()))\ndef f(x): assert sorted(sorted(x)) == sorted(x)\nf(); print('ok')",
    "sortedcontainers": "from sortedcontainers import SortedDict; print(SortedDict(b=1, a=2))",
    "mock": "import mock; m = mock.Mock(); m.f(1); print(m.f.call_args)",
    "parameterized": "from parameterized import parameterized; print(parameterized.expand([(1,)]).__name__)",
    "toolz": "import toolz; print(toolz.pipe(3, lambda x: x + 1), list(toolz.partition_all(2, range(5))))",
    "more-itertools": "import more_itertools as m; print(list(m.chunked(range(5), 2)))",
    "boltons": "from boltons.iterutils import windowed; print(windowed(range(4), 2))",
    "funcy": "import funcy; print(funcy.chunks(2, [1, 2, 3]) and list(funcy.chunks(2, [1, 2, 3])))",
    "pyrsistent": "import pyrsistent as p; print(p.pmap({'a': 1}).set('b', 2)['b'], p.v(1, 2))",
    "cachetools": "import cachetools\n@cachetools.cached(cachetools.LRUCache(2))\ndef f(x): return x * 2\nprint(f(2), f(2))",
    "decorator": "import decorator\n@decorator.decorator\ndef d(f, *a): return f(*a) + 1\n@d\ndef f(x): return x\nprint(f(1))",
    "tqdm": "import io, tqdm; print(sum(tqdm.tqdm(range(4), file=io.StringIO())))",
    "tabulate": "import tabulate; print(tabulate.tabulate([[1, 2]], headers=['a', 'b']))",
    "prettytable": "import prettytable; t = prettytable.PrettyTable(['a']); t.add_row([1]); print(t)",
    "texttable": "import texttable; t = texttable.Texttable(); t.add_rows([['a'], [1]]); print(t.draw())",
    "colorama": "import colorama; print(repr(colorama.Fore.RED))",
    "termcolor": "import termcolor; print(repr(termcolor.colored('a', 'red', force_color=True)))",
    "wcwidth": "import wcwidth; print(wcwidth.wcswidth('日本'))",
    "prompt-toolkit": "from prompt_toolkit.document import Document; print(Document('a b').get_word_before_cursor())",
    "traitlets": "import traitlets\nclass A(traitlets.HasTraits): x = traitlets.Int(3)\nprint(A().x)",
    "fastjsonschema": "import fastjsonschema; print(fastjsonschema.compile({'type': 'integer'})(3))",
    "marshmallow": "import marshmallow as m\nclass S(m.Schema): a = m.fields.Int()\nprint(S().load({'a': '3'}))",
    "cerberus": "import cerberus; print(cerberus.Validator({'a': {'type': 'integer'}}).validate({'a': 1}))",
    "voluptuous": "import voluptuous as v; print(v.Schema({'a': int})({'a': 1}))",
    "schema": "import schema; print(schema.Schema([int]).validate([1]))",
    "dacite": "import dacite, dataclasses\n@dataclasses.dataclass\nclass A: x: int\nprint(dacite.from_dict(A, {'x': 1}))",
    "cattrs": "import cattrs; print(cattrs.structure(['1', 2], list[int]))",
    "jsonpickle": "import jsonpickle; print(jsonpickle.decode(jsonpickle.encode({1, 2})))",
    "tomlkit": "import tomlkit; print(tomlkit.dumps(tomlkit.parse('a = 1 # b')))",
    "toml": "import toml; print(toml.loads('a = [1]'))",
    "pyparsing": "import pyparsing as p; print(p.Word(p.nums).parse_string('123'))",
    "lark": "import lark; print(lark.Lark('start: \"a\" INT\\n%import common.INT').parse('a12'))",
    "ply": "import ply.lex as lex\ntokens = ('N',)\nt_N = r'\\d+'\ndef t_error(t): pass\n"
    "l = lex.lex(module=sys.modules['__main__']); l.input('12'); print(l.token().value)",
    "parso": "import parso; print(parso.parse('a = 1').children)",
    "jedi": "import jedi; print([c.name for c in jedi.Interpreter('json.dum', [{'json': __import__('json')}]).complete()])",
    "pycodestyle": "import pycodestyle, io; print(pycodestyle.Checker(lines=['a=1\\n'], quiet=True).check_all())",
    "pyflakes": "import pyflakes.api, sys; print(pyflakes.api.check('import os\\n', 'x'))",
    "mccabe": "import mccabe; print(mccabe.McCabeChecker.max_complexity)",
    "isort": "import isort; print(isort.code('import sys\\nimport os\\n'))",
    "pathspec": "import pathspec; print(pathspec.PathSpec.from_lines('gitwildmatch', ['*.py']).match_file('a.py'))",
    "platformdirs": "import platformdirs; print(platformdirs.user_data_dir('x').endswith('x'))",
    "astroid": "import astroid; print(astroid.extract_node('1 + 2').inferred()[0].value)",
    "yapf": "from yapf.yapflib.yapf_api import FormatCode; print(FormatCode('a  =  1')[0])",
    "autopep8": "import autopep8; print(autopep8.fix_code('a=1'))",
    "rope": "from rope.base.pyobjects import PyObject; print(PyObject.__name__)",
    "asttokens": "import asttokens; t = asttokens.ASTTokens('a + b', parse=True); print(t.get_text(t.tree.body[0]))",
    "executing": "import executing; print(executing.Source.for_filename(__file__).filename == __file__)",
    "astor": "import ast, astor; print(astor.to_source(ast.parse('a=1')))",
    "gast": "import gast; print(gast.dump(gast.parse('a')))",
    "graphviz": "import graphviz; d = graphviz.Digraph(); d.edge('a', 'b'); print(d.source)",
    "pydot": "import pydot; g = pydot.Dot('g'); g.add_edge(pydot.Edge('a', 'b')); print(g.to_string())",
    "unidecode": "import unidecode; print(unidecode.unidecode('Київ'))",
    "chardet": "import chardet; print(chardet.detect('héllo wörld, ça va très bien'.encode())['encoding'])",
    "inflection": "import inflection; print(inflection.underscore('HelloWorld'))",
    "python-slugify": "import slugify; print(slugify.slugify('Héllo wörld'))",
    "textdistance": "import textdistance; print(textdistance.levenshtein('abc', 'abd'))",
    "xmltodict": "import xmltodict; print(xmltodict.parse('<a><b>1</b></a>'))",
    "defusedxml": "import defusedxml.ElementTree as E; print(E.fromstring('<a/>').tag)",
    "openpyxl": "import io, openpyxl\nw = openpyxl.Workbook(); w.active['A1'] = 3; b = io.BytesIO(); w.save(b)\n"
    "print(openpyxl.load_workbook(io.BytesIO(b.getvalue())).active['A1'].value)",
    "xlsxwriter": "import io, xlsxwriter; b = io.BytesIO(); w = xlsxwriter.Workbook(b); w.add_worksheet().write('A1', 1); w.close()\n"
    "print(b.getvalue()[:2])",
    "pypdf": "import io, pypdf; w = pypdf.PdfWriter(); w.add_blank_page(10, 10); b = io.BytesIO(); w.write(b)\n"
    "print(len(pypdf.PdfReader(io.BytesIO(b.getvalue())).pages))",
    "ruamel.yaml": "import ruamel.yaml, sys; ruamel.yaml.YAML(pure=True).dump({'a': [1, 2]}, sys.stdout)",
    "configobj": "import configobj; print(configobj.ConfigObj(['a = 1'])['a'])",
    "python-dotenv": "import dotenv, io; print(dotenv.dotenv_values(stream=io.StringIO('A=1')))",
    "antlr4-python3-runtime": "import antlr4; print(antlr4.InputStream('abc').size)",
    "loguru": "import sys\nfrom loguru import logger\nlogger.remove(); logger.add(sys.stdout, format='{level} {message}')\n"
    "logger.info('hi')",
    "structlog": "import structlog; structlog.configure(processors=[structlog.processors.KeyValueRenderer()])\n"
    "structlog.get_logger().info('hi', a=1)",
    "humanize": "import humanize; print(humanize.naturalsize(3000000), humanize.intcomma(12345))",
    "arrow": "import arrow; print(arrow.get('2020-01-01T00:00:00+00:00').shift(days=1).humanize(arrow.get('2020-01-01')))",
    "babel": "from babel.numbers import format_decimal; print(format_decimal(1234.5, locale='de'))",
    "faker": "import faker; f = faker.Faker(); f.seed_instance(1); print(f.name())",
    "freezegun": "import datetime, freezegun\nwith freezegun.freeze_time('2020-01-01'): print(datetime.date.today())",
    "responses": "import requests, responses\nwith responses.RequestsMock() as m:\n    m.get('http://h/', body='b')\n"
    "    print(requests.get('http://h/').text)",
    "simpy": "import simpy\ndef p(e):\n    yield e.timeout(3)\n    print(e.now)\ne = simpy.Environment(); e.process(p(e)); e.run()",
    "transitions": "import transitions; m = transitions.Machine(states=['a', 'b'], initial='a'); m.to_b(); print(m.state)",
    "markupsafe": "import markupsafe; print(markupsafe.escape('<a>'))",
    "pyyaml": "import yaml; print(yaml.safe_load('a: [1, 2]'))",
    "tornado": "import tornado.ioloop, tornado.gen\nasync def f():\n    await tornado.gen.sleep(0)\n    return 3\n"
    "print(tornado.ioloop.IOLoop.current().run_sync(f))",
    "wrapt": "import wrapt\n@wrapt.decorator\ndef d(w, i, a, k): return w(*a, **k) + 1\n@d\ndef f(x): return x\nprint(f(1))",
    "coverage": "import coverage; print(coverage.Coverage(data_file=None).config.branch)",
    "simplejson": "import simplejson; print(simplejson.dumps({'a': 1}))",
    "pyasn1": "from pyasn1.type.univ import Integer; from pyasn1.codec.der.encoder import encode; print(encode(Integer(5)))",
    "rsa": "import rsa; k = rsa.PrivateKey(3233, 17, 413, 61, 53); print(k.n)",
    "ecdsa": "import ecdsa; print(ecdsa.SigningKey.from_secret_exponent(5).verifying_key.to_string().hex()[:16])",
    "passlib": "import passlib.hash; print(passlib.hash.md5_crypt.using(salt='ab').hash('p'))",
    "oauthlib": "from oauthlib.common import urlencode; print(urlencode([('a', 'b c')]))",
    "pyjwt": "import jwt; print(jwt.decode(jwt.encode({'a': 1}, 'k' * 32), 'k' * 32, ['HS256']))",
    "mako": "from mako.template import Template; print(Template('${a}').render(a=1))",
    "chameleon": "import chameleon; print(chameleon.PageTemplate('<p>${a}</p>')(a=1))",
    "genshi": "from genshi.template import MarkupTemplate; print(MarkupTemplate('<p>$a</p>').generate(a=1).render())",
    "fire": "import fire; fire.Fire({'f': lambda x: x + 1}, ['f', '3'])",
    "typer": "import typer; print(repr(typer.style('a', fg='red')))",
    "plumbum": "import plumbum.colors as c; print(repr(str(c.red)))",
    "invoke": "import invoke; print(invoke.Collection('x').name)",
    "pony": "from pony import orm; print(orm.Database.__name__)",
    "mimesis": "import mimesis; print(mimesis.Person(seed=1).first_name())",
    "natsort": "import natsort; print(natsort.natsorted(['a10', 'a2']))",
    "bidict": "import bidict; print(bidict.bidict({'a': 1}).inverse[1])",
    "multipledispatch": "from multipledispatch import dispatch\n@dispatch(int)\ndef f(x): return 'int'\nprint(f(1))",
    "dill": "import dill; print(dill.loads(dill.dumps(lambda x: x + 1))(2))",
    "cloudpickle": "import cloudpickle; print(cloudpickle.loads(cloudpickle.dumps(lambda x: x + 1))(2))",
    "apscheduler": "from apscheduler.triggers.cron import CronTrigger; print(CronTrigger(hour=3, timezone='UTC'))",
    "schedule": "import schedule; print(schedule.every(10).minutes.do(print).interval)",
    "croniter": "import croniter, datetime; print(croniter.croniter('0 3 * * *', datetime.datetime(2020, 1, 1)).get_next(datetime.datetime))",
    "construct": "import construct as c; print(c.Struct('a' / c.Int8ub).parse(b'\\x05').a)",
    "intervaltree": "import intervaltree; print(intervaltree.IntervalTree([intervaltree.Interval(1, 5, 'x')])[3])",
    "portion": "import portion as p; print(p.closed(1, 2) | p.closed(2, 4))",
    "uncertainties": "from uncertainties import ufloat; print(ufloat(1, 0.1) + ufloat(2, 0.1))",
    "sortedcollections": "from sortedcollections import NearestDict; print(NearestDict({1: 'a'})[1.2])",
    "outcome": "import outcome; print(outcome.capture(int, '3').unwrap())",
    "janus": "import asyncio, janus, threading\nasync def f():\n    q = janus.Queue()\n"
    "    threading.Thread(target=q.sync_q.put, args=[3]).start()\n    print(await q.async_q.get())\n    await q.aclose()\nasyncio.run(f())",
    "aiofiles": "import aiofiles, asyncio\nasync def f():\n    async with aiofiles.open(__file__) as g: return len(await g.read()) > 10\n"
    "print(asyncio.run(f()))",
    "wsproto": "import wsproto; print(wsproto.WSConnection(wsproto.ConnectionType.CLIENT).state)",
    "h2": "import h2.connection; c = h2.connection.H2Connection(); c.initiate_connection(); print(len(c.data_to_send()) > 20)",
    "hpack": "import hpack; print(hpack.Decoder().decode(hpack.Encoder().encode([('a', 'b')])))",
    "uvicorn": "import uvicorn; print(uvicorn.Config(app=None).port)",
    "waitress": "import waitress.adjustments as a; print(a.Adjustments(port=81, host='127.0.0.1').threads)",
    "pyee": "from pyee.base import EventEmitter; e = EventEmitter(); e.on('x', print); e.emit('x', 3)",
    "rx": "import rx; rx.of(1, 2).subscribe(print)",
    "reactivex": "import reactivex; reactivex.of(1, 2).subscribe(print)",
    "pyfiglet": "import pyfiglet; print(pyfiglet.figlet_format('a'))",
    "emoji": "import emoji; print(emoji.emojize(':red_heart:'))",
    "ftfy": "import ftfy; print(ftfy.fix_text('schÃ¶n'))",
    "charset-normalizer": "import charset_normalizer as c; print(c.from_bytes('héllo wörld ça va'.encode()).best().encoding)",
    "urwid": "import urwid; print(urwid.Text('abc').render((5,)).text)",
    "gunicorn": "import gunicorn.util as u; print(u.parse_address('127.0.0.1:80'))",
    "paste": "import paste.urlparser as p; print(p.URLParser.__name__)",
    "zope.event": "import zope.event; zope.event.subscribers.append(print); zope.event.notify(3)",
    "stack-data": "import stack_data; print(stack_data.Options().before)",
    "pure-eval": "import ast, pure_eval; print(pure_eval.Evaluator({'a': 3})[ast.parse('a', mode='eval').body])",
    "commonmark": "import commonmark; print(commonmark.commonmark('*a*'))",
    "sqlalchemy": "import sqlalchemy as s\ne = s.create_engine('sqlite://')\nwith e.connect() as c: print(c.execute(s.text('select 1 + 2')).scalar())",
    "tinydb": "import tinydb\nfrom tinydb.storages import MemoryStorage\nd = tinydb.TinyDB(storage=MemoryStorage); d.insert({'a': 1}); print(d.all())",
    "textual": "from textual.geometry import Region; print(Region(0, 0, 3, 4).area)",
    "async-timeout": "import asyncio, async_timeout\nasync def f():\n    async with async_timeout.timeout(5): return 3\nprint(asyncio.run(f()))",
}


def main(argv):
    if argv == ["--list"]:
        print("\n".join(USES))
    else:
        exec(compile(USES[argv[0]], argv[0], "exec"), globals())


if __name__ == "__main__":
    main(sys.argv[1:])
