using System;
using System.Text;
using Sidecar.Http.Headers;

namespace Sidecar.Proxy.Tests;

/// <summary>Header maps from text.</summary>
internal static class TestHeaders
{
    public static HeaderMap Of(params ReadOnlySpan<(string Name, string Value)> headers)
    {
        var map = new HeaderMap();
        foreach ((string name, string value) in headers)
        {
            map.Add(Encoding.UTF8.GetBytes(name), Encoding.UTF8.GetBytes(value));
        }

        return map;
    }

    /// <summary>A GET over HTTP.</summary>
    public static HeaderMap Request(string path, string authority = "a.test", params ReadOnlySpan<(string Name, string Value)> more)
    {
        HeaderMap map = Of((":method", "GET"), (":path", path), (":authority", authority), (":scheme", "http"));
        foreach ((string name, string value) in more)
        {
            map.Add(Encoding.UTF8.GetBytes(name), Encoding.UTF8.GetBytes(value));
        }

        return map;
    }

    /// <summary>All values of a header, joined by <c>|</c>; null when there is none.</summary>
    public static string? Text(this HeaderMap map, string name)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(name);
        string? joined = null;
        for (int i = map.IndexOf(bytes, -1); i >= 0; i = map.IndexOf(bytes, i))
        {
            string value = Encoding.UTF8.GetString(map.ValueAt(i));
            joined = joined is null ? value : $"{joined}|{value}";
        }

        return joined;
    }
}
