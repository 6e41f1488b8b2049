using System;
using Sidecar.Core.Errors;
using Sidecar.Http.Codec;
using Sidecar.Http.Errors;
using Sidecar.Http.Headers;

namespace Sidecar.Http.Http2.Messages;

/// <summary>
/// Takes the fields of one header block from the HPACK decoder into a <see cref="HeaderMap"/> and holds them to the rules of RFC 9113
/// section 8 and to the configured limits. After the first breach fields are no longer stored, but the whole block is still decoded:
/// the compression state must follow. One a worker: a block is decoded in one go. Thread: the worker.
/// </summary>
internal sealed class HeaderBlockBuilder
{
    private static readonly FieldRule[] s_rules = BuildRules();

    private HeaderMap _map = new();
    private Http2Settings _settings = Http2Settings.Default;
    private MessageKind _kind;
    private bool _sawRegular;
    private int _count;
    private long _bytes;
    private int _cookies;

    /// <summary>The first breach, null while the block is good.</summary>
    public ErrorDetail? Error { get; private set; }

    /// <summary><c>content-length</c>, -1 without one.</summary>
    public long ContentLength { get; private set; }

    /// <summary>Fields dropped because of <c>headers_with_underscores_action: DROP_HEADER</c>.</summary>
    public int DroppedFields { get; private set; }

    /// <summary>Starts a block; <paramref name="map"/> is borrowed until <see cref="Finish"/>.</summary>
    public void Begin(HeaderMap map, MessageKind kind, Http2Settings settings)
    {
        _map = map;
        _kind = kind;
        _settings = settings;
        _sawRegular = false;
        _count = 0;
        _bytes = 0;
        _cookies = 0;
        Error = null;
        ContentLength = -1;
        DroppedFields = 0;
    }

    /// <summary>Free bytes of the map's arena, into which the decoder writes a field before it calls <see cref="OnField"/>.</summary>
    public Span<byte> Reserve(int bytes) => _map.ReserveArena(bytes);

    /// <summary>
    /// A field that lies in the span that <see cref="Reserve"/> gave: an unknown name at 0, the value at
    /// <paramref name="valueStart"/>.
    /// </summary>
    public void OnField(HeaderId id, int nameLength, ReadOnlySpan<byte> value, int valueStart, FieldDefects defects)
    {
        _count++;
        _bytes += nameLength + value.Length;
        if (Error is not null || _kind == MessageKind.Discard)
        {
            return;
        }

        if (_bytes > _settings.MaxHeadersBytes || _count > _settings.MaxHeadersCount)
        {
            Error = Http2Errors.TooManyHeaders;
            return;
        }

        if (defects != FieldDefects.None && !TolerateDefects(defects))
        {
            return;
        }

        if (s_rules[(int)id] == FieldRule.Plain)
        {
            _sawRegular = true;
        }
        else if (!TryApplyRule(id, value))
        {
            Error ??= Http2Errors.InvalidHeaderField;
            return;
        }

        _map.CommitParsed(id, 0, nameLength, valueStart, value.Length, valueStart + value.Length);
    }

    /// <summary>The block is complete; the verdict over it.</summary>
    public ErrorDetail? Finish()
    {
        if (_kind != MessageKind.Discard && Error is null)
        {
            if (_cookies > 1)
            {
                CookieCrumbs.Join(_map);
            }

            Error = _kind switch
            {
                MessageKind.Request => FinishRequest(),
                MessageKind.Response => _map.Has(HeaderId.Status) ? null : Http2Errors.MessagingViolation,
                _ => null,
            };
        }

        return Error;
    }

    private ErrorDetail? FinishRequest()
    {
        if (_map.Has(HeaderId.Host))
        {
            AdoptHost();
        }

        bool hasTarget = _map.Has(HeaderId.Scheme) && _map.Has(HeaderId.Path);
        if (!_map.Method.SequenceEqual("CONNECT"u8))
        {
            return hasTarget && _map.Has(HeaderId.Method) && !_map.Has(HeaderId.Protocol) ? null : Http2Errors.MessagingViolation;
        }

        if (_map.Has(HeaderId.Protocol))
        {
            // RFC 8441 section 4: only after SETTINGS_ENABLE_CONNECT_PROTOCOL, and with the target of an ordinary request.
            return hasTarget && _map.Has(HeaderId.Authority) && _settings.AllowConnect ? null : Http2Errors.MessagingViolation;
        }

        // RFC 9113 section 8.5.
        bool plain = _map.Has(HeaderId.Authority) && !_map.Has(HeaderId.Scheme) && !_map.Has(HeaderId.Path);
        return plain ? null : Http2Errors.MessagingViolation;
    }

    /// <summary>
    /// Envoy knows one of both: host stands in for a missing <c>:authority</c> and is dropped beside one (RFC 9113 section 8.3.1).
    /// </summary>
    private void AdoptHost()
    {
        if (!_map.Has(HeaderId.Authority))
        {
            Span<byte> copy = _map.AddUninitialized(HeaderId.Authority, _map.Get(HeaderId.Host).Length);
            _map.Get(HeaderId.Host).CopyTo(copy);
        }

        _map.Remove(HeaderId.Host);
    }

    private bool TolerateDefects(FieldDefects defects)
    {
        if ((defects & ~FieldDefects.Underscore) != 0)
        {
            Error = Http2Errors.InvalidHeaderField;
            return false;
        }

        bool isRequest = _kind is MessageKind.Request or MessageKind.RequestTrailers;
        if (!isRequest || _settings.UnderscoresAction == HeadersWithUnderscoresAction.Allow)
        {
            return true;
        }

        if (_settings.UnderscoresAction == HeadersWithUnderscoresAction.DropHeader)
        {
            DroppedFields++;
            _sawRegular = true;
            return false;
        }

        Error = Http2Errors.UnexpectedUnderscore;
        return false;
    }

    private bool TryApplyRule(HeaderId id, ReadOnlySpan<byte> value)
    {
        FieldRule rule = s_rules[(int)id];
        if (rule is FieldRule.RequestPseudo or FieldRule.ResponsePseudo)
        {
            // Pseudo headers come first, once, and only those of the direction (RFC 9113 section 8.3).
            MessageKind expected = rule == FieldRule.RequestPseudo ? MessageKind.Request : MessageKind.Response;
            if (_kind != expected || _sawRegular || _map.Has(id))
            {
                Error = Http2Errors.MessagingViolation;
                return false;
            }

            return true;
        }

        _sawRegular = true;
        switch (rule)
        {
            case FieldRule.ConnectionSpecific:
                return false;
            case FieldRule.Te:
                return value.SequenceEqual("trailers"u8);
            case FieldRule.Cookie:
                _cookies++;
                return true;
            case FieldRule.ContentLength:
                return TryTakeContentLength(value);
            default:
                // One host only: two make two readings of one request.
                return !_map.Has(id);
        }
    }

    private bool TryTakeContentLength(ReadOnlySpan<byte> value)
    {
        if (_map.Has(HeaderId.ContentLength) || !FieldCheck.TryParseLength(value, out long length))
        {
            return false;
        }

        ContentLength = length;
        return true;
    }

    private static FieldRule[] BuildRules()
    {
        var rules = new FieldRule[(int)HeaderId.Count];
        rules[(int)HeaderId.Authority] = FieldRule.RequestPseudo;
        rules[(int)HeaderId.Method] = FieldRule.RequestPseudo;
        rules[(int)HeaderId.Path] = FieldRule.RequestPseudo;
        rules[(int)HeaderId.Scheme] = FieldRule.RequestPseudo;
        rules[(int)HeaderId.Protocol] = FieldRule.RequestPseudo;
        rules[(int)HeaderId.Status] = FieldRule.ResponsePseudo;
        rules[(int)HeaderId.Connection] = FieldRule.ConnectionSpecific;
        rules[(int)HeaderId.KeepAlive] = FieldRule.ConnectionSpecific;
        rules[(int)HeaderId.ProxyConnection] = FieldRule.ConnectionSpecific;
        rules[(int)HeaderId.TransferEncoding] = FieldRule.ConnectionSpecific;
        rules[(int)HeaderId.Upgrade] = FieldRule.ConnectionSpecific;
        rules[(int)HeaderId.Te] = FieldRule.Te;
        rules[(int)HeaderId.Cookie] = FieldRule.Cookie;
        rules[(int)HeaderId.ContentLength] = FieldRule.ContentLength;
        rules[(int)HeaderId.Host] = FieldRule.Single;
        return rules;
    }

    private enum FieldRule : byte
    {
        Plain = 0,
        RequestPseudo,
        ResponsePseudo,
        ConnectionSpecific,
        Te,
        Cookie,
        ContentLength,
        Single,
    }
}
