using System;
using Sidecar.Http.Codec;

namespace Sidecar.Http.Http1;

/// <summary>Request methods that framing or policy depends on.</summary>
internal enum Http1Method : byte
{
    Other = 0,
    Get,
    Head,
    Post,
    Put,
    Delete,
    Connect,
    Options,
    Trace,
    Patch,
}

/// <summary>What a head's fields say about the connection and the body.</summary>
[Flags]
internal enum Http1HeadFlags : byte
{
    None = 0,

    /// <summary><c>transfer-encoding: chunked</c>.</summary>
    Chunked = 1,

    /// <summary><c>connection: close</c>.</summary>
    Close = 2,

    /// <summary><c>connection: keep-alive</c>.</summary>
    KeepAlive = 4,

    /// <summary><c>connection: upgrade</c>.</summary>
    ConnectionUpgrade = 8,

    /// <summary>An <c>upgrade</c> field.</summary>
    HasUpgrade = 16,

    /// <summary>A <c>host</c> field, valid.</summary>
    HasHost = 32,

    /// <summary>The request target named the authority (absolute form, CONNECT): the host field doesn't count.</summary>
    TargetHasAuthority = 64,
}

/// <summary>The facts about a head that the parser collects while it fills the header map.</summary>
internal struct Http1Head
{
    public Http1Method Method;
    public HttpProtocol Protocol;
    public Http1HeadFlags Flags;

    /// <summary>Status of a response, 0 in a request.</summary>
    public int Status;

    /// <summary>Bytes of the body, -1 when not said.</summary>
    public long ContentLength;

    public readonly bool Has(Http1HeadFlags flag) => (Flags & flag) != 0;

    /// <summary>The sender keeps the connection after this message (RFC 9112 section 9.3).</summary>
    public readonly bool IsPersistent =>
        !Has(Http1HeadFlags.Close) && (Protocol == HttpProtocol.Http11 || Has(Http1HeadFlags.KeepAlive));

    /// <summary>RFC 9110 section 7.8: an upgrade counts only in HTTP/1.1, and only when connection names it.</summary>
    public readonly bool IsUpgrade => Protocol == HttpProtocol.Http11 && (Flags & (Http1HeadFlags.ConnectionUpgrade | Http1HeadFlags.HasUpgrade))
        == (Http1HeadFlags.ConnectionUpgrade | Http1HeadFlags.HasUpgrade);
}
