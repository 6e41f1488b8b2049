using System;

namespace Sidecar.Proxy.Matching;

/// <summary>Reads a path's query string in place. Thread: any.</summary>
internal static class QueryParameters
{
    /// <summary>The path without query and fragment.</summary>
    public static ReadOnlySpan<byte> PathOnly(ReadOnlySpan<byte> path)
    {
        int end = path.IndexOfAny((byte)'?', (byte)'#');
        return end < 0 ? path : path[..end];
    }

    /// <summary>The query string with its question mark, without a fragment; empty when there is none.</summary>
    public static ReadOnlySpan<byte> QueryOf(ReadOnlySpan<byte> path)
    {
        int start = path.IndexOf((byte)'?');
        if (start < 0)
        {
            return default;
        }

        path = path[start..];
        int end = path.IndexOf((byte)'#');
        return end < 0 ? path : path[..end];
    }

    /// <summary>The first value of a parameter, undecoded (Envoy compares percent-encoded text).</summary>
    public static bool TryGet(ReadOnlySpan<byte> path, ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        ReadOnlySpan<byte> rest = QueryOf(path);
        while (!rest.IsEmpty)
        {
            rest = rest[1..];
            int end = rest.IndexOf((byte)'&');
            ReadOnlySpan<byte> pair = end < 0 ? rest : rest[..end];
            rest = end < 0 ? default : rest[end..];
            int equals = pair.IndexOf((byte)'=');
            if ((equals < 0 ? pair : pair[..equals]).SequenceEqual(name))
            {
                value = equals < 0 ? default : pair[(equals + 1)..];
                return true;
            }
        }

        value = default;
        return false;
    }
}
