using System;

namespace Sidecar.Http.Http2.Streams;

/// <summary>Where one direction of a stream stands.</summary>
internal enum HalfState : byte
{
    /// <summary>No final headers yet.</summary>
    Idle = 0,

    /// <summary>Headers have passed: data or trailers may follow.</summary>
    Open,

    /// <summary>END_STREAM has passed.</summary>
    Closed,
}

/// <summary>What passes in one direction of a stream.</summary>
internal enum HalfEvent : byte
{
    None = 0,
    Informational,
    Headers,
    HeadersEnd,
    Data,
    DataEnd,
    Trailers,
}

/// <summary>
/// The transitions of one direction (the union of RFC 9113 section 5.1's diagram and section 8.1's order of a message); whether the
/// stream is open, half closed or closed follows from its two halves.
/// <code>
///   Idle --Informational--> Idle       Open --Data----> Open
///   Idle --Headers--------> Open       Open --DataEnd-> Closed
///   Idle --HeadersEnd-----> Closed     Open --Trailers> Closed
/// </code>
/// </summary>
internal static class StreamHalf
{
    private const byte No = 0xFF;
    private const int EventCount = 7;

    private static ReadOnlySpan<byte> Transitions =>
    [
        // None, Informational, Headers, HeadersEnd, Data, DataEnd, Trailers
        No, (byte)HalfState.Idle, (byte)HalfState.Open, (byte)HalfState.Closed, No, No, No,
        No, No, No, No, (byte)HalfState.Open, (byte)HalfState.Closed, (byte)HalfState.Closed,
        No, No, No, No, No, No, No,
    ];

    /// <summary>Moves on; false for an event that is out of order, which changes nothing.</summary>
    public static bool TryApply(ref HalfState state, HalfEvent what)
    {
        byte next = Transitions[((int)state * EventCount) + (int)what];
        if (next == No)
        {
            return false;
        }

        state = (HalfState)next;
        return true;
    }
}
