from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.change_page_out import ChangePageOut
from ...models.problem import Problem
from ...types import UNSET, Response, Unset


def _get_kwargs(
    act_id: int,
    *,
    cursor: str | Unset = "",
    fields: str | Unset = "",
    limit: int | Unset = 50,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["cursor"] = cursor

    params["fields"] = fields

    params["limit"] = limit

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/offers/acts/{act_id}/changes".format(
            act_id=quote(str(act_id), safe=""),
        ),
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> ChangePageOut | Problem | None:
    if response.status_code == 200:
        response_200 = ChangePageOut.from_dict(response.json())

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
) -> Response[ChangePageOut | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    act_id: int,
    *,
    client: AuthenticatedClient,
    cursor: str | Unset = "",
    fields: str | Unset = "",
    limit: int | Unset = 50,
) -> Response[ChangePageOut | Problem]:
    """What an act changed

    Args:
        act_id (int):
        cursor (str | Unset): `next_cursor` of the page before; empty to start. Default: ''.
        fields (str | Unset): Names separated by commas; empty for all of them. Default: ''.
        limit (int | Unset): How many rows at most. Default: 50.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ChangePageOut | Problem]
    """

    kwargs = _get_kwargs(
        act_id=act_id,
        cursor=cursor,
        fields=fields,
        limit=limit,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    act_id: int,
    *,
    client: AuthenticatedClient,
    cursor: str | Unset = "",
    fields: str | Unset = "",
    limit: int | Unset = 50,
) -> ChangePageOut | Problem | None:
    """What an act changed

    Args:
        act_id (int):
        cursor (str | Unset): `next_cursor` of the page before; empty to start. Default: ''.
        fields (str | Unset): Names separated by commas; empty for all of them. Default: ''.
        limit (int | Unset): How many rows at most. Default: 50.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ChangePageOut | Problem
    """

    return sync_detailed(
        act_id=act_id,
        client=client,
        cursor=cursor,
        fields=fields,
        limit=limit,
    ).parsed


async def asyncio_detailed(
    act_id: int,
    *,
    client: AuthenticatedClient,
    cursor: str | Unset = "",
    fields: str | Unset = "",
    limit: int | Unset = 50,
) -> Response[ChangePageOut | Problem]:
    """What an act changed

    Args:
        act_id (int):
        cursor (str | Unset): `next_cursor` of the page before; empty to start. Default: ''.
        fields (str | Unset): Names separated by commas; empty for all of them. Default: ''.
        limit (int | Unset): How many rows at most. Default: 50.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ChangePageOut | Problem]
    """

    kwargs = _get_kwargs(
        act_id=act_id,
        cursor=cursor,
        fields=fields,
        limit=limit,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    act_id: int,
    *,
    client: AuthenticatedClient,
    cursor: str | Unset = "",
    fields: str | Unset = "",
    limit: int | Unset = 50,
) -> ChangePageOut | Problem | None:
    """What an act changed

    Args:
        act_id (int):
        cursor (str | Unset): `next_cursor` of the page before; empty to start. Default: ''.
        fields (str | Unset): Names separated by commas; empty for all of them. Default: ''.
        limit (int | Unset): How many rows at most. Default: 50.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ChangePageOut | Problem
    """

    return (
        await asyncio_detailed(
            act_id=act_id,
            client=client,
            cursor=cursor,
            fields=fields,
            limit=limit,
        )
    ).parsed
