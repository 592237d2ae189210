from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.bulk_out import BulkOut
from ...models.problem import Problem
from ...models.quantity_rules_write_many_json_body import QuantityRulesWriteManyJsonBody
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    body: QuantityRulesWriteManyJsonBody,
    partial: bool | Unset = False,
    idempotency_key: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(idempotency_key, Unset):
        headers["Idempotency-Key"] = idempotency_key

    params: dict[str, Any] = {}

    params["partial"] = partial

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/v1/quantity-rules/bulk",
        "params": params,
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> BulkOut | Problem | None:
    if response.status_code == 200:
        response_200 = BulkOut.from_dict(response.json())

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

    if response.status_code == 409:
        response_409 = Problem.from_dict(response.json())

        return response_409

    if response.status_code == 412:
        response_412 = Problem.from_dict(response.json())

        return response_412

    if response.status_code == 413:
        response_413 = Problem.from_dict(response.json())

        return response_413

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


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[BulkOut | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    body: QuantityRulesWriteManyJsonBody,
    partial: bool | Unset = False,
    idempotency_key: str | Unset = UNSET,
) -> Response[BulkOut | Problem]:
    """Make, change and remove rules, up to 10,000 in one call

     As a file of rules is read: with a number a row changes that rule; without, it makes one, or changes
    the only
    one of its kind for exactly the same articles and channel that has no dates.

    Args:
        partial (bool | Unset):  Default: False.
        idempotency_key (str | Unset):
        body (QuantityRulesWriteManyJsonBody):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[BulkOut | Problem]
    """

    kwargs = _get_kwargs(
        body=body,
        partial=partial,
        idempotency_key=idempotency_key,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    body: QuantityRulesWriteManyJsonBody,
    partial: bool | Unset = False,
    idempotency_key: str | Unset = UNSET,
) -> BulkOut | Problem | None:
    """Make, change and remove rules, up to 10,000 in one call

     As a file of rules is read: with a number a row changes that rule; without, it makes one, or changes
    the only
    one of its kind for exactly the same articles and channel that has no dates.

    Args:
        partial (bool | Unset):  Default: False.
        idempotency_key (str | Unset):
        body (QuantityRulesWriteManyJsonBody):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        BulkOut | Problem
    """

    return sync_detailed(
        client=client,
        body=body,
        partial=partial,
        idempotency_key=idempotency_key,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    body: QuantityRulesWriteManyJsonBody,
    partial: bool | Unset = False,
    idempotency_key: str | Unset = UNSET,
) -> Response[BulkOut | Problem]:
    """Make, change and remove rules, up to 10,000 in one call

     As a file of rules is read: with a number a row changes that rule; without, it makes one, or changes
    the only
    one of its kind for exactly the same articles and channel that has no dates.

    Args:
        partial (bool | Unset):  Default: False.
        idempotency_key (str | Unset):
        body (QuantityRulesWriteManyJsonBody):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[BulkOut | Problem]
    """

    kwargs = _get_kwargs(
        body=body,
        partial=partial,
        idempotency_key=idempotency_key,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    body: QuantityRulesWriteManyJsonBody,
    partial: bool | Unset = False,
    idempotency_key: str | Unset = UNSET,
) -> BulkOut | Problem | None:
    """Make, change and remove rules, up to 10,000 in one call

     As a file of rules is read: with a number a row changes that rule; without, it makes one, or changes
    the only
    one of its kind for exactly the same articles and channel that has no dates.

    Args:
        partial (bool | Unset):  Default: False.
        idempotency_key (str | Unset):
        body (QuantityRulesWriteManyJsonBody):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        BulkOut | Problem
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
            partial=partial,
            idempotency_key=idempotency_key,
        )
    ).parsed
