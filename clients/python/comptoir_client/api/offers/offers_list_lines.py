from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.import_line_page_out import ImportLinePageOut
from ...models.offers_list_lines_outcome import OffersListLinesOutcome
from ...models.problem import Problem
from ...types import UNSET, Response, Unset


def _get_kwargs(
    import_id: int,
    *,
    outcome: OffersListLinesOutcome | Unset = OffersListLinesOutcome.VALUE_0,
    cursor: str | Unset = "",
    fields: str | Unset = "",
    limit: int | Unset = 50,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    json_outcome: str | Unset = UNSET
    if not isinstance(outcome, Unset):
        json_outcome = outcome.value

    params["outcome"] = json_outcome

    params["cursor"] = cursor

    params["fields"] = fields

    params["limit"] = limit

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/offers/imports/{import_id}/lines".format(
            import_id=quote(str(import_id), safe=""),
        ),
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> ImportLinePageOut | Problem | None:
    if response.status_code == 200:
        response_200 = ImportLinePageOut.from_dict(response.json())

        return response_200

    if response.status_code == 400:
        response_400 = Problem.from_dict(response.json())

        return response_400

    if response.status_code == 401:
        response_401 = Problem.from_dict(response.json())

        return response_401

    if response.status_code == 403:
        response_403 = Problem.from_dict(response.json())

        return response_403

    if response.status_code == 404:
        response_404 = Problem.from_dict(response.json())

        return response_404

    if response.status_code == 422:
        response_422 = Problem.from_dict(response.json())

        return response_422

    if response.status_code == 429:
        response_429 = Problem.from_dict(response.json())

        return response_429

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[ImportLinePageOut | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    import_id: int,
    *,
    client: AuthenticatedClient,
    outcome: OffersListLinesOutcome | Unset = OffersListLinesOutcome.VALUE_0,
    cursor: str | Unset = "",
    fields: str | Unset = "",
    limit: int | Unset = 50,
) -> Response[ImportLinePageOut | Problem]:
    """What each line asks, or why it is refused

    Args:
        import_id (int):
        outcome (OffersListLinesOutcome | Unset):  Default: OffersListLinesOutcome.VALUE_0.
        cursor (str | Unset): `next_cursor` of the page before; empty to start. Default: ''.
        fields (str | Unset): Names separated by commas; empty for all of them. Default: ''.
        limit (int | Unset): How many rows at most. Default: 50.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ImportLinePageOut | Problem]
    """

    kwargs = _get_kwargs(
        import_id=import_id,
        outcome=outcome,
        cursor=cursor,
        fields=fields,
        limit=limit,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    import_id: int,
    *,
    client: AuthenticatedClient,
    outcome: OffersListLinesOutcome | Unset = OffersListLinesOutcome.VALUE_0,
    cursor: str | Unset = "",
    fields: str | Unset = "",
    limit: int | Unset = 50,
) -> ImportLinePageOut | Problem | None:
    """What each line asks, or why it is refused

    Args:
        import_id (int):
        outcome (OffersListLinesOutcome | Unset):  Default: OffersListLinesOutcome.VALUE_0.
        cursor (str | Unset): `next_cursor` of the page before; empty to start. Default: ''.
        fields (str | Unset): Names separated by commas; empty for all of them. Default: ''.
        limit (int | Unset): How many rows at most. Default: 50.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ImportLinePageOut | Problem
    """

    return sync_detailed(
        import_id=import_id,
        client=client,
        outcome=outcome,
        cursor=cursor,
        fields=fields,
        limit=limit,
    ).parsed


async def asyncio_detailed(
    import_id: int,
    *,
    client: AuthenticatedClient,
    outcome: OffersListLinesOutcome | Unset = OffersListLinesOutcome.VALUE_0,
    cursor: str | Unset = "",
    fields: str | Unset = "",
    limit: int | Unset = 50,
) -> Response[ImportLinePageOut | Problem]:
    """What each line asks, or why it is refused

    Args:
        import_id (int):
        outcome (OffersListLinesOutcome | Unset):  Default: OffersListLinesOutcome.VALUE_0.
        cursor (str | Unset): `next_cursor` of the page before; empty to start. Default: ''.
        fields (str | Unset): Names separated by commas; empty for all of them. Default: ''.
        limit (int | Unset): How many rows at most. Default: 50.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ImportLinePageOut | Problem]
    """

    kwargs = _get_kwargs(
        import_id=import_id,
        outcome=outcome,
        cursor=cursor,
        fields=fields,
        limit=limit,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    import_id: int,
    *,
    client: AuthenticatedClient,
    outcome: OffersListLinesOutcome | Unset = OffersListLinesOutcome.VALUE_0,
    cursor: str | Unset = "",
    fields: str | Unset = "",
    limit: int | Unset = 50,
) -> ImportLinePageOut | Problem | None:
    """What each line asks, or why it is refused

    Args:
        import_id (int):
        outcome (OffersListLinesOutcome | Unset):  Default: OffersListLinesOutcome.VALUE_0.
        cursor (str | Unset): `next_cursor` of the page before; empty to start. Default: ''.
        fields (str | Unset): Names separated by commas; empty for all of them. Default: ''.
        limit (int | Unset): How many rows at most. Default: 50.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ImportLinePageOut | Problem
    """

    return (
        await asyncio_detailed(
            import_id=import_id,
            client=client,
            outcome=outcome,
            cursor=cursor,
            fields=fields,
            limit=limit,
        )
    ).parsed
