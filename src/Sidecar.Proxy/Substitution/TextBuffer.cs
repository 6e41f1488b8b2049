using System;
using System.Buffers.Text;
using System.Runtime.CompilerServices;
using System.Text;

namespace Sidecar.Proxy.Substitution;

/// <summary>
/// A growing run of bytes that formats write into; reused, so that steady state allocates nothing. Thread: its owner.
/// </summary>
public sealed class TextBuffer
{
    private const int InitialBytes = 512;
    private const int KeepBytes = 64 * 1024;

    [ThreadStatic]
    private static TextBuffer? s_scratch;

    private byte[] _bytes;
    private int _length;

    public TextBuffer(int initialBytes = InitialBytes) => _bytes = new byte[initialBytes];

    /// <summary>
    /// The thread's own buffer, emptied, for a value that is needed only until the next call of anything that formats.
    /// </summary>
    public static TextBuffer Scratch
    {
        get
        {
            TextBuffer scratch = s_scratch ??= new TextBuffer();
            scratch.Clear();
            return scratch;
        }
    }

    /// <summary>Bytes written.</summary>
    public int Length => _length;

    public ReadOnlySpan<byte> Written => new(_bytes, 0, _length);

    /// <summary>Written bytes that may be changed in place.</summary>
    public Span<byte> WrittenFrom(int start) => _bytes.AsSpan(start, _length - start);

    /// <summary>Empties it; a buffer that had grown a lot gives its memory back.</summary>
    public void Clear()
    {
        _length = 0;
        if (_bytes.Length > KeepBytes)
        {
            _bytes = new byte[InitialBytes];
        }
    }

    /// <summary>Empties it and keeps its memory.</summary>
    public void Rewind() => _length = 0;

    /// <summary>Drops what lies behind <paramref name="length"/>.</summary>
    public void Truncate(int length) => _length = Math.Min(_length, length);

    public void Append(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Reserve(bytes.Length));
        _length += bytes.Length;
    }

    public void Append(byte value)
    {
        Reserve(1)[0] = value;
        _length++;
    }

    /// <summary>Appends a configured string as UTF-8.</summary>
    public void Append(string text) => _length += Encoding.UTF8.GetBytes(text, Reserve(Encoding.UTF8.GetMaxByteCount(text.Length)));

    public void Append(long number)
    {
        Utf8Formatter.TryFormat(number, Reserve(20), out int written);
        _length += written;
    }

    public void Append(ulong number)
    {
        Utf8Formatter.TryFormat(number, Reserve(20), out int written);
        _length += written;
    }

    /// <summary>Appends a number as JSON writes it: without a fraction when it has none.</summary>
    public void Append(double number)
    {
        if (number == Math.Floor(number) && Math.Abs(number) < 1e15)
        {
            Append((long)number);
            return;
        }

        Utf8Formatter.TryFormat(number, Reserve(32), out int written);
        _length += written;
    }

    /// <summary>Appends a number with leading zeros.</summary>
    public void AppendPadded(long number, int digits)
    {
        Span<byte> room = Reserve(digits);
        for (int i = digits - 1; i >= 0; i--)
        {
            room[i] = (byte)('0' + (number % 10));
            number /= 10;
        }

        _length += digits;
    }

    /// <summary>Room for at least this many bytes at the end; make them count with <see cref="Advance"/>.</summary>
    public Span<byte> Reserve(int bytes)
    {
        if (_bytes.Length - _length < bytes)
        {
            Grow(bytes);
        }

        return _bytes.AsSpan(_length);
    }

    public void Advance(int bytes) => _length += bytes;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Grow(int bytes) => Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + bytes));
}
