using Sidecar.Core.Errors;
using Sidecar.Http.Errors;

namespace Sidecar.Http.Http2.Frames;

/// <summary>
/// What a frame's header must fulfil whatever the connection's state: the type's stream id and length, and its place between HEADERS
/// and the end of their block. Checked once, before dispatch. Immutable; thread: any.
/// </summary>
internal static class FrameRules
{
    private static readonly Rule[] s_rules =
    [
        new(FrameType.Data, StreamIdRule.NonZero, 0, FrameHeader.MaxPayloadBytes),
        new(FrameType.Headers, StreamIdRule.NonZero, 0, FrameHeader.MaxPayloadBytes),
        new(FrameType.Priority, StreamIdRule.NonZero, 5, 5),
        new(FrameType.RstStream, StreamIdRule.NonZero, 4, 4),
        new(FrameType.Settings, StreamIdRule.Zero, 0, FrameHeader.MaxPayloadBytes, Multiple: 6),
        new(FrameType.PushPromise, StreamIdRule.NonZero, 4, FrameHeader.MaxPayloadBytes),
        new(FrameType.Ping, StreamIdRule.Zero, 8, 8),
        new(FrameType.GoAway, StreamIdRule.Zero, 8, FrameHeader.MaxPayloadBytes),
        new(FrameType.WindowUpdate, StreamIdRule.Any, 4, 4),
        new(FrameType.Continuation, StreamIdRule.NonZero, 0, FrameHeader.MaxPayloadBytes),
    ];

    private enum StreamIdRule : byte
    {
        Any = 0,
        Zero,
        NonZero,
    }

    /// <summary>True when the type is one of RFC 9113's; others are skipped.</summary>
    public static bool IsKnown(FrameType type) => (int)type < s_rules.Length;

    /// <summary>
    /// Null when the frame may be dispatched. <paramref name="openBlockStreamId"/>: the stream whose header block is incomplete, or 0.
    /// </summary>
    public static ErrorDetail? Check(in FrameHeader frame, uint openBlockStreamId)
    {
        if (openBlockStreamId != 0 && (frame.Type != FrameType.Continuation || frame.StreamId != openBlockStreamId))
        {
            return Http2Errors.ContinuationExpected;
        }

        if (!IsKnown(frame.Type))
        {
            return frame.Length <= FrameHeader.MaxPayloadBytes ? null : Http2Errors.FrameSize;
        }

        ref readonly Rule rule = ref s_rules[(int)frame.Type];
        if (frame.Length < rule.MinBytes || frame.Length > rule.MaxBytes || frame.Length % rule.Multiple != 0)
        {
            return Http2Errors.FrameSize;
        }

        if (rule.StreamId != StreamIdRule.Any && (frame.StreamId == 0) != (rule.StreamId == StreamIdRule.Zero))
        {
            return Http2Errors.StreamIdOfFrame;
        }

        return frame.Type == FrameType.Continuation && openBlockStreamId == 0 ? Http2Errors.UnexpectedContinuation : null;
    }

    private readonly record struct Rule(FrameType Type, StreamIdRule StreamId, int MinBytes, int MaxBytes, int Multiple = 1);
}
