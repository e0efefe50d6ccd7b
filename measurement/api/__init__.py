"""The API: released numbers and what explains them, for programs. `/api/v1/<initiative>/…`.

It reads what anyone may read and nothing else. Whoever sends no token is answered as a reader who
is signed out; a token of the initiative lets a program ask more often, within its scopes.
"""
