"""Which language an answer is written in: `?lang=`, else what was chosen before, else the
browser's, else Chinese."""

from starlette.requests import Request

from web.words import LANGUAGES, Language, preferred

COOKIE = "lang"


def language_of(request: Request) -> Language:
    """The language of the answer. Programs say it by Accept-Language alone."""
    if not request.url.path.startswith("/api/"):
        for chosen in (request.query_params.get(COOKIE), request.cookies.get(COOKIE)):
            for language in LANGUAGES:
                if chosen == language:
                    return language
    return preferred(request.headers.get("accept-language", "")) or "zh"
