"""XML that somebody sends to stop the server, or to read what it should not."""

LAUGHS = b"".join(
    b'<!ENTITY %c "%s">' % (number, (b"&%c;" % (number - 1)) * 10) for number in range(98, 107)
)
ATTRIBUTES = b" ".join(b'a%d="1"' % number for number in range(600_000))
SPACES = b" ".join(b'xmlns:a%d="u%d"' % (number, number) for number in range(300_000))
HOSTILE = {
    "entities": b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
    "a billion laughs": b'<!DOCTYPE a [<!ENTITY a "ha">' + LAUGHS + b"]><a>&j;</a>",
    "one long entity": b'<!DOCTYPE a [<!ENTITY b "%s">]><a>%s</a>'
    % (b"x" * 1_000_000, b"&b;" * 1_000),
    "an external entity": b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
    "an external document type": b'<!DOCTYPE a SYSTEM "http://127.0.0.1:1/a.dtd"><a/>',
    "a parameter entity": b'<!DOCTYPE a [<!ENTITY % b SYSTEM "http://127.0.0.1:1/b"> %b;]><a/>',
    "an undeclared entity": b"<a>&b;</a>",
    "entities in UTF-16": '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'.encode("utf-16"),
    "nesting": b"<a>" * 200_000 + b"</a>" * 200_000,
    "many elements": b"<a>" + b"<b/>" * 900_000 + b"</a>",
    "many elements in UTF-16": f"<a>{'<b/>' * 900_000}</a>".encode("utf-16"),
    "many comments": b"<a>" + b"<!---->" * 1_000_000 + b"</a>",
    "many attributes": b"<a " + ATTRIBUTES + b"/>",
    "many namespaces": b"<a " + SPACES + b"/>",
    "one attribute again and again": b"<a " + b'a="1" ' * 900_000 + b"/>",
    "a long text": b"<a>" + b"x" * 10_000_001 + b"</a>",
    "a long text without an end": b"<a>" + b"x" * 9_000_000,
    "a long attribute without an end": b'<a b="' + b"x" * 9_000_000,
    "no end": b"<a><b>",
    "half of a record": b"<a><b>1</b><c>2</",
    "zeros": b"\0" * 9_000_000,
    "a zero": b"<a>\0</a>",
    "another encoding than it says": b"<a>\xff\xfe</a>",
    "an encoding with states": b'<?xml version="1.0" encoding="utf-7"?><a/>',
    "an encoding that is none": b'<?xml version="1.0" encoding="zlib"?><a/>',
    "no XML": b"\x00\x01\x02",
    "nothing": b"",
}
