using System;
using Sidecar.Http.Codec;
using Sidecar.Http.Headers;

namespace Sidecar.Http.Http1;

/// <summary>How header names are written.</summary>
public enum Http1HeaderCase : byte
{
    /// <summary>As they are kept: lower case.</summary>
    Lower = 0,

    /// <summary>The first letter and each letter after a non-letter in upper case: <c>Content-Type</c>.</summary>
    ProperCase,
}

/// <summary>Which <c>upgrade</c> values are treated as if they weren't there; Envoy's <c>ignore_http_11_upgrade</c>.</summary>
public abstract class UpgradeMatcher
{
    public abstract bool Matches(ReadOnlySpan<byte> upgrade);
}

/// <summary>
/// Envoy's <c>Http1ProtocolOptions</c> and the limits that go with them, as one codec needs them. Immutable, shared by all connections
/// of a listener or cluster; thread: any.
/// </summary>
public sealed class Http1Settings
{
    public static readonly Http1Settings Default = new();

    private readonly int _maxHeadersCount = 100;

    /// <summary>Most bytes of a head, and of trailers, in KiB.</summary>
    public int MaxHeadersKb { get; init; } = 60;

    /// <summary>Most fields in a head, and in trailers.</summary>
    public int MaxHeadersCount
    {
        get => _maxHeadersCount;
        init => _maxHeadersCount = Math.Clamp(value, 1, HeaderMap.MaxEntries / 2);
    }

    /// <summary>Requests in absolute form are taken; off: they are answered with 400.</summary>
    public bool AllowAbsoluteUrl { get; init; } = true;

    /// <summary>HTTP/1.0 requests are taken; off: they are answered with 426.</summary>
    public bool AcceptHttp10 { get; init; }

    /// <summary>Host of HTTP/1.0 requests that name none; null: they are answered with 400.</summary>
    public byte[]? DefaultHostForHttp10 { get; init; }

    /// <summary>Trailers are passed on both ways; off: they are read, checked and dropped.</summary>
    public bool EnableTrailers { get; init; }

    /// <summary>Content-Length beside <c>transfer-encoding: chunked</c> is dropped instead of refused. Safe only between trusted ends.</summary>
    public bool AllowChunkedLength { get; init; }

    /// <summary>Methods outside the IANA registry's common ones are taken.</summary>
    public bool AllowCustomMethods { get; init; }

    /// <summary>How names are written.</summary>
    public Http1HeaderCase HeaderCase { get; init; }

    public HeadersWithUnderscoresAction UnderscoresAction { get; init; }

    /// <summary>Requests are sent in absolute form, as to a forward proxy.</summary>
    public bool SendFullyQualifiedUrl { get; init; }

    /// <summary>Upgrades to ignore besides h2c, which always is; null: none.</summary>
    public UpgradeMatcher? IgnoreUpgrades { get; init; }

    /// <summary>
    /// Envoy's <c>override_stream_error_on_invalid_http_message</c>: the connection manager may keep the connection after a request whose
    /// framing was sound but whose content was not. Framing errors close in any case.
    /// </summary>
    public bool StreamErrorOnInvalidMessage { get; init; }

    /// <summary>The connection is encrypted: <c>:scheme</c> of requests that name none is https.</summary>
    public bool IsTls { get; init; }

    /// <summary>Bytes of following requests kept while one is under way, before reading stops.</summary>
    public int MaxHeldBytes { get; init; } = 16 * 1024;

    /// <summary>Most bytes of a head.</summary>
    internal int MaxHeadBytes => MaxHeadersKb * 1024;
}
