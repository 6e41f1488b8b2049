using System;
using System.Buffers;
using System.Runtime.CompilerServices;
using Sidecar.Http.Headers;

namespace Sidecar.Http.Http2.Messages;

/// <summary>Validity of single fields (RFC 9113 section 8.2.1; RFC 9110 and 3986 for the pseudo headers). Thread: any.</summary>
internal static class FieldCheck
{
    private static readonly SearchValues<byte> s_name = SearchValues.Create("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyz"u8);

    private static readonly SearchValues<byte> s_token =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"u8);

    private static readonly SearchValues<byte> s_scheme =
        SearchValues.Create("+-.0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"u8);

    private static readonly SearchValues<byte> s_authority =
        SearchValues.Create("-._~!$&'()*+,;=:@%[]0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"u8);

    private static readonly SearchValues<byte> s_notInValue = SearchValues.Create(Controls(includeTab: false));
    private static readonly SearchValues<byte> s_notInPath = SearchValues.Create([.. Controls(includeTab: true), (byte)' ']);

    /// <summary>Checks a field whose name is known, or has been checked by <see cref="CheckName"/>.</summary>
    public static FieldDefects CheckValue(HeaderId id, ReadOnlySpan<byte> value)
    {
        bool good = id is > HeaderId.None and <= HeaderId.Protocol or HeaderId.Host ? IsPseudoValue(id, value) : IsValue(value);
        return good ? FieldDefects.None : FieldDefects.Value;
    }

    /// <summary>Checks a name that has no id (known ones are valid): pseudo headers that we do not know are not.</summary>
    public static FieldDefects CheckName(ReadOnlySpan<byte> name)
    {
        if (name.IsEmpty || name.ContainsAnyExcept(s_name))
        {
            return FieldDefects.Name;
        }

        return name.Contains((byte)'_') ? FieldDefects.Underscore : FieldDefects.None;
    }

    /// <summary>Decimal digits only, at most 18.</summary>
    public static bool TryParseLength(ReadOnlySpan<byte> value, out long length)
    {
        length = 0;
        if (value.Length is 0 or > 18)
        {
            return false;
        }

        foreach (byte digit in value)
        {
            if ((uint)(digit - '0') > 9)
            {
                return false;
            }

            length = (length * 10) + (digit - '0');
        }

        return true;
    }

    private static bool IsValue(ReadOnlySpan<byte> value)
    {
        if (value.IsEmpty)
        {
            return true;
        }

        return value[0] is not ((byte)' ' or (byte)'\t') && value[^1] is not ((byte)' ' or (byte)'\t') && !value.ContainsAny(s_notInValue);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool IsPseudoValue(HeaderId id, ReadOnlySpan<byte> value) => id switch
    {
        HeaderId.Authority or HeaderId.Host => !value.ContainsAnyExcept(s_authority),
        HeaderId.Path => !value.IsEmpty && !value.ContainsAny(s_notInPath),
        HeaderId.Scheme => !value.IsEmpty && !value.ContainsAnyExcept(s_scheme),
        HeaderId.Status => value.Length == 3 && value[0] is >= (byte)'1' and <= (byte)'9' && TryParseLength(value, out _),
        _ => !value.IsEmpty && !value.ContainsAnyExcept(s_token),
    };

    private static byte[] Controls(bool includeTab)
    {
        var bytes = new byte[includeTab ? 33 : 32];
        int count = 0;
        for (int c = 0; c < 0x20; c++)
        {
            if (c != '\t' || includeTab)
            {
                bytes[count++] = (byte)c;
            }
        }

        bytes[count] = 0x7f;
        return bytes;
    }
}
