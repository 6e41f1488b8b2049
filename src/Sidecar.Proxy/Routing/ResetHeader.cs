using System;
using System.Buffers.Text;
using Sidecar.Http.Headers;
using Sidecar.Proxy.Matching;

namespace Sidecar.Proxy.Routing;

/// <summary>A response header by which a rate-limited upstream says when to come back. Immutable; thread: any.</summary>
internal sealed class ResetHeader(ResetHeaderConfig config)
{
    private readonly HeaderName _name = new(config.Name);
    private readonly ResetHeaderFormat _format = config.Format;

    public static ResetHeader[] Compile(RateLimitedRetryBackOffConfig? config)
    {
        var headers = new ResetHeader[config?.ResetHeaders.Count ?? 0];
        for (int i = 0; i < headers.Length; i++)
        {
            headers[i] = new ResetHeader(config!.ResetHeaders[i]);
        }

        return headers;
    }

    /// <summary>How long to wait; false when the header is missing, malformed or in the past.</summary>
    public bool TryRead(HeaderMap response, long nowUnixSeconds, out long waitMs)
    {
        waitMs = 0;
        if (!_name.TryGet(response, out ReadOnlySpan<byte> text) || !Utf8Parser.TryParse(text, out long number, out int used) || used != text.Length)
        {
            return false;
        }

        if (_format == ResetHeaderFormat.UnixTimestamp)
        {
            number -= nowUnixSeconds;
        }

        waitMs = number > 0 && number < long.MaxValue / 1000 ? number * 1000 : 0;
        return waitMs > 0;
    }
}
