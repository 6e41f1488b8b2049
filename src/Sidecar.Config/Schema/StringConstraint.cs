using System;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Validate;

namespace Sidecar.Config.Schema;

/// <summary>The validate rules of strings and bytes.</summary>
internal static class StringConstraint
{
    private static readonly ConcurrentDictionary<string, Regex> s_patterns = new(StringComparer.Ordinal);

    /// <param name="rules">The rules.</param>
    /// <param name="text">The value.</param>
    /// <param name="utf8Length">Its length in bytes.</param>
    /// <returns>Null, or what is wrong with the value in the words of protoc-gen-validate.</returns>
    internal static string? Check(StringRules rules, string text, int utf8Length)
    {
        if (rules.IgnoreEmpty && text.Length == 0)
        {
            return null;
        }

        return CheckLength(rules, text, utf8Length) ?? CheckContent(rules, text) ?? CheckWellKnown(rules, text);
    }

    /// <returns>Null, or what is wrong with the value.</returns>
    internal static string? Check(BytesRules rules, ReadOnlySpan<byte> bytes)
    {
        ulong length = (ulong)bytes.Length;
        return rules switch
        {
            { IgnoreEmpty: true } when length == 0 => null,
            { HasLen: true } when length != rules.Len => $"value length must be {rules.Len} bytes",
            { HasMinLen: true } when length < rules.MinLen => $"value length must be at least {rules.MinLen} bytes",
            { HasMaxLen: true } when length > rules.MaxLen => $"value length must be at most {rules.MaxLen} bytes",
            { HasConst: true } when !bytes.SequenceEqual(rules.Const.Span) => "value must equal the given bytes",
            { HasPrefix: true } when !bytes.StartsWith(rules.Prefix.Span) => "value does not have the given prefix",
            { HasSuffix: true } when !bytes.EndsWith(rules.Suffix.Span) => "value does not have the given suffix",
            { HasContains: true } when bytes.IndexOf(rules.Contains.Span) < 0 => "value does not contain the given bytes",
            _ => null,
        };
    }

    private static string? CheckLength(StringRules rules, string text, int utf8Length)
    {
        ulong characters = 0;
        foreach (char c in text)
        {
            characters += char.IsLowSurrogate(c) ? 0UL : 1UL;
        }

        ulong bytes = (ulong)utf8Length;
        return rules switch
        {
            { HasLen: true } when characters != rules.Len => $"value length must be {rules.Len} characters",
            { HasMinLen: true } when characters < rules.MinLen => $"value length must be at least {rules.MinLen} characters",
            { HasMaxLen: true } when characters > rules.MaxLen => $"value length must be at most {rules.MaxLen} characters",
            { HasLenBytes: true } when bytes != rules.LenBytes => $"value length must be {rules.LenBytes} bytes",
            { HasMinBytes: true } when bytes < rules.MinBytes => $"value length must be at least {rules.MinBytes} bytes",
            { HasMaxBytes: true } when bytes > rules.MaxBytes => $"value length must be at most {rules.MaxBytes} bytes",
            _ => null,
        };
    }

    private static string? CheckContent(StringRules rules, string text) => rules switch
    {
        { HasConst: true } when text != rules.Const => "value must equal " + rules.Const,
        { HasPrefix: true } when !text.StartsWith(rules.Prefix, StringComparison.Ordinal) =>
            $"value does not have prefix \"{rules.Prefix}\"",
        { HasSuffix: true } when !text.EndsWith(rules.Suffix, StringComparison.Ordinal) => $"value does not have suffix \"{rules.Suffix}\"",
        { HasContains: true } when !text.Contains(rules.Contains, StringComparison.Ordinal) =>
            $"value does not contain substring \"{rules.Contains}\"",
        { HasNotContains: true } when text.Contains(rules.NotContains, StringComparison.Ordinal) =>
            $"value contains substring \"{rules.NotContains}\"",
        _ when rules.In.Count > 0 && !rules.In.Contains(text) => $"value must be in list [{string.Join(", ", rules.In)}]",
        _ when rules.NotIn.Contains(text) => $"value must not be in list [{string.Join(", ", rules.NotIn)}]",
        { HasPattern: true } when !Pattern(rules.Pattern).IsMatch(text) => $"value does not match regex pattern \"{rules.Pattern}\"",
        _ => null,
    };

    private static string? CheckWellKnown(StringRules rules, string text) => rules.WellKnownCase switch
    {
        StringRules.WellKnownOneofCase.Hostname when !IsHostname(text) => "value must be a valid hostname",
        StringRules.WellKnownOneofCase.Address when !IPAddress.TryParse(text, out _) && !IsHostname(text) =>
            "value must be a valid hostname, or ip address",
        StringRules.WellKnownOneofCase.Ip when !IPAddress.TryParse(text, out _) => "value must be a valid IP address",
        StringRules.WellKnownOneofCase.Ipv4 when !IsOfFamily(text, AddressFamily.InterNetwork) => "value must be a valid IPv4 address",
        StringRules.WellKnownOneofCase.Ipv6 when !IsOfFamily(text, AddressFamily.InterNetworkV6) => "value must be a valid IPv6 address",
        StringRules.WellKnownOneofCase.Uri when !Uri.TryCreate(text, UriKind.Absolute, out _) => "value must be a valid absolute URI",
        StringRules.WellKnownOneofCase.UriRef when !Uri.TryCreate(text, UriKind.RelativeOrAbsolute, out _) => "value must be a valid URI",
        StringRules.WellKnownOneofCase.Uuid when !Guid.TryParseExact(text, "D", out _) => "value must be a valid UUID",
        StringRules.WellKnownOneofCase.Email when !IsEmail(text) => "value must be a valid email address",
        StringRules.WellKnownOneofCase.WellKnownRegex => CheckHeader(rules, text),
        _ => null,
    };

    private static string? CheckHeader(StringRules rules, string text)
    {
        bool isStrict = !rules.HasStrict || rules.Strict;
        bool isName = rules.WellKnownRegex == KnownRegex.HttpHeaderName;
        bool isRight = isStrict
            ? isName ? IsStrictHeaderName(text) : !ContainsControl(text)
            : text.AsSpan().IndexOfAny('\0', '\r', '\n') < 0;
        return isRight ? null : isName ? "value is not a valid HTTP header name" : "value is not a valid HTTP header value";
    }

    private static bool IsStrictHeaderName(string text)
    {
        ReadOnlySpan<char> name = text.StartsWith(':') ? text.AsSpan(1) : text;
        foreach (char c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && !"!#$%&'*+-.^_|~`".Contains(c, StringComparison.Ordinal))
            {
                return false;
            }
        }

        return name.Length > 0;
    }

    private static bool ContainsControl(string text)
    {
        foreach (char c in text)
        {
            if ((c < ' ' && c != '\t') || c == '\x7F')
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsHostname(string text)
    {
        if (text.Length is 0 or > 253)
        {
            return false;
        }

        foreach (string label in text.TrimEnd('.').Split('.'))
        {
            if (label.Length is 0 or > 63 || label[0] == '-' || label[^1] == '-')
            {
                return false;
            }

            foreach (char c in label)
            {
                if (!char.IsAsciiLetterOrDigit(c) && c != '-')
                {
                    return false;
                }
            }
        }

        return true;
    }

    private static bool IsOfFamily(string text, AddressFamily family) =>
        IPAddress.TryParse(text, out IPAddress? address) && address.AddressFamily == family;

    private static bool IsEmail(string text)
    {
        int at = text.LastIndexOf('@');
        return at is > 0 and <= 64 && text.Length <= 254 && IsHostname(text[(at + 1)..]);
    }

    /// <summary>The rules' patterns are written for RE2; the linear-time engine takes the same language.</summary>
    private static Regex Pattern(string pattern) =>
        s_patterns.GetOrAdd(pattern, static p => new Regex(p, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant));
}
