from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.event_page_out import EventPageOut
from ...models.problem import Problem
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    cursor: int | Unset = 0,
    kind: str | Unset = "",
    limit: int | Unset = 50,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["cursor"] = cursor

    params["kind"] = kind

    params["limit"] = limit

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/events",
        "params": params,
    }

    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> EventPageOut | Problem | None:
    if response.status_code == 200:
        response_200 = EventPageOut.from_dict(response.json())

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
) -> Response[EventPageOut | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    cursor: int | Unset = 0,
    kind: str | Unset = "",
    limit: int | Unset = 50,
) -> Response[EventPageOut | Problem]:
    """What happened, by cursor

     `kind` is a beginning: order. gives every event of orders. Events are kept for thirty days.

    Args:
        cursor (int | Unset): `next_cursor` of the call before; 0 to start. Default: 0.
        kind (str | Unset):  Default: ''.
        limit (int | Unset): How many rows at most. Default: 50.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[EventPageOut | Problem]
    """

    kwargs = _get_kwargs(
        cursor=cursor,
        kind=kind,
        limit=limit,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    cursor: int | Unset = 0,
    kind: str | Unset = "",
    limit: int | Unset = 50,
) -> EventPageOut | Problem | None:
    """What happened, by cursor

     `kind` is a beginning: order. gives every event of orders. Events are kept for thirty days.

    Args:
        cursor (int | Unset): `next_cursor` of the call before; 0 to start. Default: 0.
        kind (str | Unset):  Default: ''.
        limit (int | Unset): How many rows at most. Default: 50.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        EventPageOut | Problem
    """

    return sync_detailed(
        client=client,
        cursor=cursor,
        kind=kind,
        limit=limit,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    cursor: int | Unset = 0,
    kind: str | Unset = "",
    limit: int | Unset = 50,
) -> Response[EventPageOut | Problem]:
    """What happened, by cursor

     `kind` is a beginning: order. gives every event of orders. Events are kept for thirty days.

    Args:
        cursor (int | Unset): `next_cursor` of the call before; 0 to start. Default: 0.
        kind (str | Unset):  Default: ''.
        limit (int | Unset): How many rows at most. Default: 50.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[EventPageOut | Problem]
    """

    kwargs = _get_kwargs(
        cursor=cursor,
        kind=kind,
        limit=limit,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    cursor: int | Unset = 0,
    kind: str | Unset = "",
    limit: int | Unset = 50,
) -> EventPageOut | Problem | None:
    """What happened, by cursor

     `kind` is a beginning: order. gives every event of orders. Events are kept for thirty days.

    Args:
        cursor (int | Unset): `next_cursor` of the call before; 0 to start. Default: 0.
        kind (str | Unset):  Default: ''.
        limit (int | Unset): How many rows at most. Default: 50.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        EventPageOut | Problem
    """

    return (
        await asyncio_detailed(
            client=client,
            cursor=cursor,
            kind=kind,
            limit=limit,
        )
    ).parsed
