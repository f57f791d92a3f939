"""The weight of a page counts each file once, with what the file names in turn (R22)."""

import gzip

from bench.weight import file_bytes, files_of, first_load_bytes, page_bytes

HTML = """<link rel="stylesheet" href="/static/css/msa.css"><script type="module" src="/static/js/msa.js?v=2"></script>
<svg><use href="/static/img/icons.svg#eye"></use></svg><svg><use href="/static/img/icons.svg#bin"></use></svg>
<a href="/static/not-loaded.pdf">un lien</a>"""


def test_files_named_by_the_page_and_by_its_modules_are_found_once():
    found = files_of(HTML)
    assert {"/static/css/msa.css", "/static/js/msa.js", "/static/img/icons.svg"} <= found
    assert "/static/js/password.js" in found, "msa.js imports it"
    assert "/static/not-loaded.pdf" not in found, "a link is not a download"


def test_a_first_load_is_the_page_and_its_files():
    assert page_bytes(HTML) == len(gzip.compress(HTML.encode(), 5))
    assert first_load_bytes(HTML) == page_bytes(HTML) + sum(file_bytes(url) for url in files_of(HTML))


def test_a_file_travels_in_its_smallest_form():
    assert 0 < file_bytes("/static/css/msa.css") < 20_000
