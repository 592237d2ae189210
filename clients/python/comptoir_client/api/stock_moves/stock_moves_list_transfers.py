from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.problem import Problem
from ...models.stock_moves_list_transfers_state import StockMovesListTransfersState
from ...models.transfer_page_out import TransferPageOut
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    state: StockMovesListTransfersState | Unset = StockMovesListTransfersState.VALUE_0,
    cursor: str | Unset = "",
    fields: str | Unset = "",
    limit: int | Unset = 50,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    json_state: str | Unset = UNSET
    if not isinstance(state, Unset):
        json_state = state.value

    params["state"] = json_state

    params["cursor"] = cursor

    params["fields"] = fields

    params["limit"] = limit

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/stock-moves/transfers",
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Problem | TransferPageOut | None:
    if response.status_code == 200:
        response_200 = TransferPageOut.from_dict(response.json())

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
) -> Response[Problem | TransferPageOut]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    state: StockMovesListTransfersState | Unset = StockMovesListTransfersState.VALUE_0,
    cursor: str | Unset = "",
    fields: str | Unset = "",
    limit: int | Unset = 50,
) -> Response[Problem | TransferPageOut]:
    """Transfers

    Args:
        state (StockMovesListTransfersState | Unset):  Default:
            StockMovesListTransfersState.VALUE_0.
        cursor (str | Unset): `next_cursor` of the page before; empty to start. Default: ''.
        fields (str | Unset): Names separated by commas; empty for all of them. Default: ''.
        limit (int | Unset): How many rows at most. Default: 50.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | TransferPageOut]
    """

    kwargs = _get_kwargs(
        state=state,
        cursor=cursor,
        fields=fields,
        limit=limit,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    state: StockMovesListTransfersState | Unset = StockMovesListTransfersState.VALUE_0,
    cursor: str | Unset = "",
    fields: str | Unset = "",
    limit: int | Unset = 50,
) -> Problem | TransferPageOut | None:
    """Transfers

    Args:
        state (StockMovesListTransfersState | Unset):  Default:
            StockMovesListTransfersState.VALUE_0.
        cursor (str | Unset): `next_cursor` of the page before; empty to start. Default: ''.
        fields (str | Unset): Names separated by commas; empty for all of them. Default: ''.
        limit (int | Unset): How many rows at most. Default: 50.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | TransferPageOut
    """

    return sync_detailed(
        client=client,
        state=state,
        cursor=cursor,
        fields=fields,
        limit=limit,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    state: StockMovesListTransfersState | Unset = StockMovesListTransfersState.VALUE_0,
    cursor: str | Unset = "",
    fields: str | Unset = "",
    limit: int | Unset = 50,
) -> Response[Problem | TransferPageOut]:
    """Transfers

    Args:
        state (StockMovesListTransfersState | Unset):  Default:
            StockMovesListTransfersState.VALUE_0.
        cursor (str | Unset): `next_cursor` of the page before; empty to start. Default: ''.
        fields (str | Unset): Names separated by commas; empty for all of them. Default: ''.
        limit (int | Unset): How many rows at most. Default: 50.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | TransferPageOut]
    """

    kwargs = _get_kwargs(
        state=state,
        cursor=cursor,
        fields=fields,
        limit=limit,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    state: StockMovesListTransfersState | Unset = StockMovesListTransfersState.VALUE_0,
    cursor: str | Unset = "",
    fields: str | Unset = "",
    limit: int | Unset = 50,
) -> Problem | TransferPageOut | None:
    """Transfers

    Args:
        state (StockMovesListTransfersState | Unset):  Default:
            StockMovesListTransfersState.VALUE_0.
        cursor (str | Unset): `next_cursor` of the page before; empty to start. Default: ''.
        fields (str | Unset): Names separated by commas; empty for all of them. Default: ''.
        limit (int | Unset): How many rows at most. Default: 50.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | TransferPageOut
    """

    return (
        await asyncio_detailed(
            client=client,
            state=state,
            cursor=cursor,
            fields=fields,
            limit=limit,
        )
    ).parsed
