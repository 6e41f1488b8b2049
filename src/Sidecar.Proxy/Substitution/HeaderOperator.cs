using System;
using Sidecar.Http.Headers;
using Sidecar.Proxy.Matching;

namespace Sidecar.Proxy.Substitution;

/// <summary>Where a header is looked for.</summary>
internal enum MessagePart : byte
{
    RequestHeaders = 0,
    ResponseHeaders,
    ResponseTrailers,
}

/// <summary><c>%REQ(X?Y):Z%</c> and its kin: the first value of a header, or of the alternative.</summary>
internal sealed class HeaderOperator : CommandOperator
{
    private readonly MessagePart _part;
    private readonly HeaderName _name;
    private readonly HeaderName? _alternative;
    private readonly bool _withoutQuery;

    private HeaderOperator(MessagePart part, HeaderName name, HeaderName? alternative, bool withoutQuery)
    {
        _part = part;
        _name = name;
        _alternative = alternative;
        _withoutQuery = withoutQuery;
    }

    public static HeaderOperator Create(FormatCommand command, MessagePart part, bool withoutQuery = false)
    {
        string[] names = command.RequireArgument().Split('?');
        if (names.Length > 2)
        {
            throw new SubstitutionFormatException($"More than 1 alternative header specified in token: {command.Argument}");
        }

        foreach (string name in names)
        {
            if (name.AsSpan().ContainsAny("\r\n\0"))
            {
                throw new SubstitutionFormatException($"Invalid header name in {command.Name}: it contains null, CR or LF");
            }
        }

        HeaderName? alternative = names.Length == 2 && names[1].Length > 0 ? new HeaderName(names[1]) : null;
        return new HeaderOperator(part, new HeaderName(names[0]), alternative, withoutQuery);
    }

    public override bool TryWrite(in FormatContext context, TextBuffer output)
    {
        HeaderMap headers = _part switch
        {
            MessagePart.RequestHeaders => context.RequestHeaders,
            MessagePart.ResponseHeaders => context.ResponseHeaders,
            _ => context.ResponseTrailers,
        };
        if (!_name.TryGet(headers, out ReadOnlySpan<byte> value) && (_alternative is null || !_alternative.TryGet(headers, out value)))
        {
            return false;
        }

        output.Append(_withoutQuery ? QueryParameters.PathOnly(value) : value);
        return true;
    }
}

/// <summary><c>%PATH(X:Y):Z%</c>: with or without query (WQ, NQ), original or current (ORIG, PATH, ORIG_OR_PATH).</summary>
internal sealed class PathOperator : CommandOperator
{
    private readonly bool _withQuery;
    private readonly bool _original;
    private readonly bool _current;

    private PathOperator(bool withQuery, bool original, bool current)
    {
        _withQuery = withQuery;
        _original = original;
        _current = current;
    }

    public static PathOperator Create(FormatCommand command)
    {
        string[] options = (command.Argument ?? string.Empty).Split(':');
        bool? withQuery = options[0] switch { "" or "WQ" => true, "NQ" => false, _ => null };
        string source = options.Length > 1 ? options[1] : string.Empty;
        bool known = options.Length <= 2 && source is "" or "ORIG" or "PATH" or "ORIG_OR_PATH";
        if (withQuery is null || !known)
        {
            throw new SubstitutionFormatException($"Invalid PATH option: '{command.Argument}', only 'WQ'/'NQ' and 'ORIG'/'PATH'/'ORIG_OR_PATH' are allowed");
        }

        return new PathOperator(withQuery.Value, source != "PATH", source != "ORIG");
    }

    public override bool TryWrite(in FormatContext context, TextBuffer output)
    {
        HeaderMap headers = context.RequestHeaders;
        ReadOnlySpan<byte> path = default;
        bool found = (_original && headers.TryGet(HeaderId.XEnvoyOriginalPath, out path)) || (_current && headers.TryGet(HeaderId.Path, out path));
        if (!found)
        {
            return false;
        }

        output.Append(_withQuery ? path : QueryParameters.PathOnly(path));
        return true;
    }
}
