using System;
using System.Runtime.CompilerServices;
using Sidecar.Core.Buffers;
using Sidecar.Http.Http2;

namespace Sidecar.Proxy.ConnectionManager;

/// <summary>
/// Tells HTTP/2 from HTTP/1 by a connection's first bytes, however they are cut; keeps the few that it had to wait with.
/// Thread: the worker.
/// </summary>
internal sealed class Preface
{
    /// <summary>RFC 9113 section 3.4.</summary>
    private const int PrefaceBytes = 24;

    private HeldBuffer _held;

    /// <summary>Bytes kept; 0 when the first piece decided.</summary>
    public int HeldBytes { get; private set; }

    /// <summary>How much of the last piece is among the kept bytes.</summary>
    public int TakenFromLast { get; private set; }

    public PrefaceMatch Offer(in Slice data)
    {
        if (HeldBytes == 0)
        {
            PrefaceMatch first = Http2Preface.Detect(data.Span);
            if (first != PrefaceMatch.NeedMore)
            {
                return first;
            }
        }

        Span<byte> buffer = _held;
        TakenFromLast = Math.Min(data.Length, buffer.Length - HeldBytes);
        data.Span[..TakenFromLast].CopyTo(buffer[HeldBytes..]);
        HeldBytes += TakenFromLast;
        return Http2Preface.Detect(buffer[..HeldBytes]);
    }

    public void CopyHeldTo(Span<byte> destination) => ((Span<byte>)_held)[..HeldBytes].CopyTo(destination);

    [InlineArray(PrefaceBytes)]
    private struct HeldBuffer
    {
        private byte _element;
    }
}
