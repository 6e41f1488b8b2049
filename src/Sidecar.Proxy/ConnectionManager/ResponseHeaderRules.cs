using System;
using Sidecar.Http.Headers;

namespace Sidecar.Proxy.ConnectionManager;

/// <summary>What the connection manager does to a response's headers after the filters: hop-by-hop headers, date, server, via, request id.</summary>
internal static class ResponseHeaderRules
{
    public static void Apply(HeaderMap headers, ConnectionManagerModel model, HeaderMap request, ReadOnlySpan<byte> date, bool isUpgrade)
    {
        if (!isUpgrade)
        {
            headers.Remove(HeaderId.Connection);
            headers.Remove(HeaderId.Upgrade);
        }

        headers.Remove(HeaderId.KeepAlive);
        headers.Remove(HeaderId.ProxyConnection);
        headers.Remove(HeaderId.TransferEncoding);
        SetServer(headers, model);
        if (!headers.Has(HeaderId.Date))
        {
            headers.Add(HeaderId.Date, date);
        }

        if (model.Via.Length > 0)
        {
            headers.AppendValue(HeaderId.Via, model.Via, ", "u8);
        }

        if (model.AlwaysSetRequestIdInResponse && request.TryGet(HeaderId.XRequestId, out ReadOnlySpan<byte> id))
        {
            headers.Set(HeaderId.XRequestId, id);
        }
    }

    private static void SetServer(HeaderMap headers, ConnectionManagerModel model)
    {
        switch (model.ServerHeaderTransformation)
        {
            case ServerHeaderTransformation.Overwrite:
                headers.Set(HeaderId.Server, model.ServerName);
                break;
            case ServerHeaderTransformation.AppendIfAbsent:
                if (!headers.Has(HeaderId.Server))
                {
                    headers.Add(HeaderId.Server, model.ServerName);
                }

                break;
            default:
                break;
        }
    }
}
