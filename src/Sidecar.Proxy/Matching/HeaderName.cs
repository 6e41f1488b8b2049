using System;
using System.Text;
using Sidecar.Http.Headers;
using Sidecar.Proxy.Substitution;

namespace Sidecar.Proxy.Matching;

/// <summary>A configured header name, resolved to its id where it has one. Immutable; thread: any.</summary>
public sealed class HeaderName
{
    private readonly byte[] _bytes;

    /// <param name="text">In any case. <c>host</c> means <c>:authority</c>, as in Envoy, whose requests carry only one of them.</param>
    public HeaderName(string text)
    {
        _bytes = AsciiText.LowerBytes(text);
        Id = HeaderNames.Find(_bytes);
        if (Id == HeaderId.Host)
        {
            Id = HeaderId.Authority;
            _bytes = HeaderNames.Bytes(Id).ToArray();
        }
    }

    /// <summary><see cref="HeaderId.None"/> when the name is no known one.</summary>
    public HeaderId Id { get; }

    /// <summary>Lower case.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    public bool IsPresent(HeaderMap headers) => IndexOf(headers, -1) >= 0;

    /// <summary>The first value.</summary>
    public bool TryGet(HeaderMap headers, out ReadOnlySpan<byte> value)
    {
        if (Id != HeaderId.None)
        {
            return headers.TryGet(Id, out value);
        }

        int index = IndexOf(headers, -1);
        value = index < 0 ? default : headers.ValueAt(index);
        return index >= 0;
    }

    /// <summary>All values; several are joined by commas in the thread's scratch buffer, valid until it is used again.</summary>
    public bool TryGetAll(HeaderMap headers, out ReadOnlySpan<byte> value)
    {
        int first = IndexOf(headers, -1);
        if (first < 0)
        {
            value = default;
            return false;
        }

        value = headers.ValueAt(first);
        int next = IndexOf(headers, first);
        if (next >= 0)
        {
            value = Join(headers, first, next);
        }

        return true;
    }

    public int IndexOf(HeaderMap headers, int after)
    {
        if (Id != HeaderId.None)
        {
            return headers.IndexOf(Id, after);
        }

        for (int i = headers.Next(after); i >= 0; i = headers.Next(i))
        {
            if (headers.IdAt(i) == HeaderId.None && headers.NameAt(i).SequenceEqual(_bytes))
            {
                return i;
            }
        }

        return -1;
    }

    public void Set(HeaderMap headers, ReadOnlySpan<byte> value)
    {
        if (Id != HeaderId.None)
        {
            headers.Set(Id, value);
        }
        else
        {
            headers.Set(_bytes, value);
        }
    }

    public void Add(HeaderMap headers, ReadOnlySpan<byte> value)
    {
        if (Id != HeaderId.None)
        {
            headers.Add(Id, value);
        }
        else
        {
            headers.Add(_bytes, value);
        }
    }

    public int Remove(HeaderMap headers) => Id != HeaderId.None ? headers.Remove(Id) : headers.Remove(_bytes);

    public override string ToString() => Encoding.UTF8.GetString(_bytes);

    private ReadOnlySpan<byte> Join(HeaderMap headers, int first, int next)
    {
        TextBuffer joined = TextBuffer.Scratch;
        joined.Append(headers.ValueAt(first));
        for (; next >= 0; next = IndexOf(headers, next))
        {
            joined.Append((byte)',');
            joined.Append(headers.ValueAt(next));
        }

        return joined.Written;
    }
}
