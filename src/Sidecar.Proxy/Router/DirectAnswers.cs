using Sidecar.Http.Headers;
using Sidecar.Proxy.ConnectionManager;
using Sidecar.Proxy.Errors;
using Sidecar.Proxy.Routing;
using Sidecar.Proxy.Substitution;

namespace Sidecar.Proxy.Router;

/// <summary>Routes that answer without an upstream: redirects and direct responses. Stateless; thread: the worker.</summary>
internal static class DirectAnswers
{
    public static void Redirect(HttpStream stream, RouteEntry route)
    {
        HeaderMap headers = stream.ResponseHeaders;
        headers.Clear();
        headers.Add(HeaderId.Status, route.Redirect!.ResponseCode);
        TextBuffer location = TextBuffer.Scratch;
        route.Redirect.BuildLocation(stream.RequestHeaders, location);
        headers.Add(HeaderId.Location, location.Written);
        route.FinalizeResponseHeaders(stream.RequestHeaders, headers, stream.Info);
        stream.SendPreparedReply(ProxyErrors.DirectResponse, default);
    }

    public static void Respond(HttpStream stream, RouteEntry route)
    {
        DirectResponseAction answer = route.DirectResponse!;
        HeaderMap headers = stream.ResponseHeaders;
        headers.Clear();
        headers.Add(HeaderId.Status, answer.Status);
        if (!answer.Body.IsEmpty)
        {
            headers.Add(HeaderId.ContentLength, answer.Body.Length);
            headers.Add(HeaderId.ContentType, "text/plain"u8);
        }

        route.FinalizeResponseHeaders(stream.RequestHeaders, headers, stream.Info);
        stream.SendPreparedReply(ProxyErrors.DirectResponse, answer.Body.Span);
    }
}
