using System;

namespace Sidecar.Proxy.Routing;

/// <summary>Envoy's <c>RedirectAction</c>, validated.</summary>
public sealed record RedirectActionConfig
{
    public bool HttpsRedirect { get; init; }

    public string SchemeRedirect { get; init; } = string.Empty;

    public string HostRedirect { get; init; } = string.Empty;

    /// <summary>0 leaves the port as it is.</summary>
    public uint PortRedirect { get; init; }

    /// <summary>A new path, perhaps with a query.</summary>
    public string PathRedirect { get; init; } = string.Empty;

    public string PrefixRewrite { get; init; } = string.Empty;

    public RegexRewriteConfig? RegexRewrite { get; init; }

    /// <summary>301, 302, 303, 307 or 308.</summary>
    public int ResponseCode { get; init; } = 301;

    public bool StripQuery { get; init; }
}

/// <summary>Envoy's <c>DirectResponseAction</c>, its body read.</summary>
public sealed record DirectResponseActionConfig(int Status, ReadOnlyMemory<byte> Body);
