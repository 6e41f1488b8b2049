using System;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Sidecar.Core.Buffers;
using Sidecar.Http.Codec;
using Sidecar.Http.Headers;

namespace Sidecar.Http.Http1;

/// <summary>Which framing field the codec itself writes.</summary>
internal enum Http1FramingField : byte
{
    /// <summary>None; a content-length in the map stands.</summary>
    Keep = 0,

    /// <summary>None, and a content-length in the map is left out.</summary>
    Omit,

    /// <summary><c>content-length: 0</c>.</summary>
    ZeroLength,

    /// <summary><c>transfer-encoding: chunked</c>.</summary>
    Chunked,
}

/// <summary>Which connection field the codec itself writes.</summary>
internal enum Http1ConnectionField : byte
{
    /// <summary>None; one in the map stands.</summary>
    Keep = 0,

    /// <summary><c>connection: close</c> instead of what the map says.</summary>
    Close,

    /// <summary><c>connection: keep-alive</c>, for HTTP/1.0.</summary>
    KeepAlive,
}

/// <summary>
/// Writes heads and trailers straight into an output's tail, 32 bytes at a time: every source (arena, tables) may be read and the
/// reservation written past the end. Stateless; thread: any that owns the output.
/// </summary>
internal static class Http1HeadWriter
{
    /// <summary>Start line beyond its pseudo headers, our own fields, the last CRLF and the vectors' overshoot.</summary>
    private const int Extra = 320;

    /// <summary>": " and CRLF.</summary>
    private const int PerField = 4;

    private const ulong Pseudo = 1UL << (int)HeaderId.Method | 1UL << (int)HeaderId.Path | 1UL << (int)HeaderId.Scheme
        | 1UL << (int)HeaderId.Status | 1UL << (int)HeaderId.Protocol;

    public static void WriteRequest(
        BufferChain output, int slabBytes, HeaderMap map, Http1Method method, Http1FramingField framing, Http1ConnectionField connection, Http1Settings settings)
    {
        int bound = Bound(map) + (settings.SendFullyQualifiedUrl ? map.Scheme.Length + map.Authority.Length : 0);
        Span<byte> room = bound <= slabBytes ? output.Reserve(bound) : new byte[bound];
        ref byte start = ref MemoryMarshal.GetReference(room);
        ref byte at = ref Copy(ref start, map.Method);
        at = (byte)' ';
        at = ref Unsafe.Add(ref at, 1);
        if (method == Http1Method.Connect)
        {
            at = ref Copy(ref at, map.Authority);
        }
        else
        {
            if (settings.SendFullyQualifiedUrl && map.Path is [(byte)'/', ..])
            {
                at = ref Copy(ref at, map.Scheme);
                at = ref Copy(ref at, "://"u8);
                at = ref Copy(ref at, map.Authority);
            }

            at = ref Copy(ref at, map.Path);
        }

        at = ref Copy(ref at, " HTTP/1.1\r\n"u8);
        ulong skip = Pseudo | 1UL << (int)HeaderId.TransferEncoding;
        skip |= map.Has(HeaderId.Authority) ? 1UL << (int)HeaderId.Host : 0;
        Finish(output, room, ref WriteFields(ref at, map, skip, HeaderId.Host, framing, connection, settings.HeaderCase), bound <= slabBytes);
    }

    public static void WriteResponse(
        BufferChain output, int slabBytes, HeaderMap map, HttpProtocol protocol, Http1FramingField framing, Http1ConnectionField connection, Http1HeaderCase headerCase)
    {
        int bound = Bound(map);
        Span<byte> room = bound <= slabBytes ? output.Reserve(bound) : new byte[bound];
        ref byte start = ref MemoryMarshal.GetReference(room);
        int status = map.Status;
        Debug.Assert(status >= 100, "a response has a status");
        ref byte line = ref Http1StatusLines.Line(status, out int length);
        ref byte at = ref Copy(ref start, ref line, length);
        Copy(ref Unsafe.Add(ref start, Http1StatusLines.StatusOffset), map.Get(HeaderId.Status));
        if (protocol == HttpProtocol.Http10)
        {
            Unsafe.Add(ref start, Http1StatusLines.StatusOffset - 2) = (byte)'0';
        }

        ulong skip = Pseudo | 1UL << (int)HeaderId.Authority | 1UL << (int)HeaderId.TransferEncoding;
        Finish(output, room, ref WriteFields(ref at, map, skip, HeaderId.None, framing, connection, headerCase), bound <= slabBytes);
    }

    /// <summary>Writes trailer fields and the empty line behind them.</summary>
    public static void WriteTrailers(BufferChain output, int slabBytes, HeaderMap map, Http1HeaderCase headerCase)
    {
        int bound = Bound(map);
        Span<byte> room = bound <= slabBytes ? output.Reserve(bound) : new byte[bound];
        ulong skip = Pseudo | 1UL << (int)HeaderId.Authority | 1UL << (int)HeaderId.TransferEncoding;
        ref byte at = ref MemoryMarshal.GetReference(room);
        at = ref WriteFields(ref at, map, skip, HeaderId.None, Http1FramingField.Omit, Http1ConnectionField.Keep, headerCase);
        Finish(output, room, ref at, bound <= slabBytes);
    }

    private static int Bound(HeaderMap map) => map.ByteSize + (map.Count * PerField) + Extra;

    private static void Finish(BufferChain output, Span<byte> room, ref byte end, bool reserved)
    {
        int length = (int)Unsafe.ByteOffset(ref MemoryMarshal.GetReference(room), ref end);
        if (reserved)
        {
            output.Commit(length);
        }
        else
        {
            output.Append(room[..length]);
        }
    }

    private static ref byte WriteFields(
        ref byte at, HeaderMap map, ulong skip, HeaderId authorityName, Http1FramingField framing, Http1ConnectionField connection, Http1HeaderCase headerCase)
    {
        skip |= framing == Http1FramingField.Keep ? 0 : 1UL << (int)HeaderId.ContentLength;
        skip |= connection == Http1ConnectionField.Keep ? 0 : 1UL << (int)HeaderId.Connection;
        ref byte first = ref at;
        ref byte arena = ref map.Arena;
        foreach (ref readonly HeaderEntry entry in map.Entries)
        {
            if (entry.State != EntryState.Live)
            {
                continue;
            }

            HeaderId id = entry.Id;
            if (id == HeaderId.None)
            {
                at = ref Copy(ref at, ref Unsafe.Add(ref arena, entry.NameOffset), entry.NameLength);
                Unsafe.WriteUnaligned(ref at, ColonSpace);
                at = ref Unsafe.Add(ref at, 2);
            }
            else
            {
                if (id < (HeaderId)64 && (skip >> (int)id) % 2 != 0)
                {
                    continue;
                }

                id = id == HeaderId.Authority ? authorityName : id;
                at = ref Copy(ref at, ref HeaderNames.Line(id), HeaderNames.Length(id) + 2);
            }

            at = ref Copy(ref at, ref Unsafe.Add(ref arena, entry.ValueOffset), entry.ValueLength);
            Unsafe.WriteUnaligned(ref at, CrLf);
            at = ref Unsafe.Add(ref at, 2);
        }

        at = ref WriteOwnFields(ref at, framing, connection);
        if (headerCase == Http1HeaderCase.ProperCase)
        {
            ToProperCase(ref first, ref at);
        }

        Unsafe.WriteUnaligned(ref at, CrLf);
        return ref Unsafe.Add(ref at, 2);
    }

    private static ref byte WriteOwnFields(ref byte at, Http1FramingField framing, Http1ConnectionField connection)
    {
        if (framing == Http1FramingField.Chunked)
        {
            at = ref Copy(ref at, "transfer-encoding: chunked\r\n"u8);
        }
        else if (framing == Http1FramingField.ZeroLength)
        {
            at = ref Copy(ref at, "content-length: 0\r\n"u8);
        }

        if (connection == Http1ConnectionField.Close)
        {
            at = ref Copy(ref at, "connection: close\r\n"u8);
        }
        else if (connection == Http1ConnectionField.KeepAlive)
        {
            at = ref Copy(ref at, "connection: keep-alive\r\n"u8);
        }

        return ref at;
    }

    /// <summary>Upper case for the first letter of each name and each letter behind a non-letter.</summary>
    private static void ToProperCase(ref byte at, ref byte end)
    {
        while (Unsafe.IsAddressLessThan(ref at, ref end))
        {
            bool upper = true;
            while (at != ':')
            {
                bool isLetter = (uint)(at - 'a') <= 'z' - 'a';
                if (isLetter && upper)
                {
                    at -= 0x20;
                }

                upper = !isLetter && (uint)(at - '0') > 9;
                at = ref Unsafe.Add(ref at, 1);
            }

            while (at != '\n')
            {
                at = ref Unsafe.Add(ref at, 1);
            }

            at = ref Unsafe.Add(ref at, 1);
        }
    }

    private static ushort ColonSpace => BitConverter.IsLittleEndian ? (ushort)0x203a : (ushort)0x3a20;

    private static ushort CrLf => BitConverter.IsLittleEndian ? (ushort)0x0a0d : (ushort)0x0d0a;

    /// <summary>For spans that may not be read past their end.</summary>
    private static ref byte Copy(ref byte at, ReadOnlySpan<byte> text)
    {
        Unsafe.CopyBlockUnaligned(ref at, ref MemoryMarshal.GetReference(text), (uint)text.Length);
        return ref Unsafe.Add(ref at, text.Length);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)] // Sidecar.Benchmarks http1: 15% of a head's encoding.
    private static ref byte Copy(ref byte at, ref byte source, int length)
    {
        Vector256.LoadUnsafe(ref source).StoreUnsafe(ref at);
        if (length > Http1Scan.Width)
        {
            Unsafe.CopyBlockUnaligned(ref at, ref source, (uint)length);
        }

        return ref Unsafe.Add(ref at, length);
    }
}
