using System;
using System.Text;
using Sidecar.Core.Errors;
using Sidecar.Http.Http2;
using Sidecar.Http.Http2.Frames;
using Sidecar.Http.Tests.Http2.Harness;
using Sidecar.Testing.Codec;
using Sidecar.Testing.Http2;

namespace Sidecar.Http.Tests.Http2;

/// <summary>However a conversation is cut into reads, the same is understood and the same is answered.</summary>
public class CutInputTests
{
    private static readonly byte[][] s_conversations =
    [
        new Http2Script().Preface().Settings((SettingId.InitialWindowSize, 5)).SettingsAck()
            .Get(1, "cookie: a=1", "cookie: b=2").Ping(7).WindowUpdate(1, 100).Priority(3).ToArray(),
        new Http2Script().Preface().Settings()
            .Post(1, "content-length: 8").PaddedData(1, "abcd", 3).Data(1, "efgh").Headers(1, true, "x-sum: 1")
            .Frame((FrameType)0x77, FrameFlags.None, 9, 1, 2, 3).Get(3).RstStream(3, Http2ErrorCode.Cancel).ToArray(),
        new Http2Script().Preface().Settings()
            .Frame(FrameType.Headers, FrameFlags.EndStream | FrameFlags.Padded | FrameFlags.Priority, 1,
                [2, 0, 0, 0, 3, 9, 0x82, 0x86, 0, 0])
            .Frame(FrameType.Continuation, FrameFlags.None, 1, 0x84)
            .Frame(FrameType.Continuation, FrameFlags.EndHeaders, 1, Http2Script.Block("x: y"))
            .GoAway(0, Http2ErrorCode.NoError).ToArray(),
        new Http2Script().Preface().Settings().Post(1).Data(1, "0123456789", endStream: true).Data(1, "late").Get(2).ToArray(),
    ];

    public static TheoryData<int> Conversations() => [0, 1, 2, 3];

    [Theory]
    [MemberData(nameof(Conversations))]
    public void Conversation_CutAtEveryPosition_SameOutcome(int index)
    {
        byte[] bytes = s_conversations[index];
        string whole = Run(bytes, bytes.Length, bytes.Length);
        for (int cut = 1; cut < bytes.Length; cut++)
        {
            Assert.Equal(whole, Run(bytes, cut, bytes.Length));
        }
    }

    [Theory]
    [MemberData(nameof(Conversations))]
    public void Conversation_CutAtEveryTwoPositions_SameOutcome(int index)
    {
        byte[] bytes = s_conversations[index];
        string whole = Run(bytes, bytes.Length, bytes.Length);
        for (int first = 24; first < bytes.Length - 1; first += 3)
        {
            for (int second = first + 1; second < bytes.Length; second += 2)
            {
                Assert.Equal(whole, Run(bytes, first, second));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Conversations))]
    public void Conversation_ByteByByte_SameOutcome(int index)
    {
        byte[] bytes = s_conversations[index];
        var server = new ServerHarness();
        ErrorDetail? error = null;
        for (int i = 0; i < bytes.Length && error is null; i++)
        {
            error = server.Transport.Feed(server.Codec, bytes.AsSpan(i, 1));
        }

        Assert.Equal(Run(bytes, bytes.Length, bytes.Length), Outcome(server, error));
    }

    private static string Run(byte[] bytes, int first, int second)
    {
        var server = new ServerHarness();
        ErrorDetail? error = server.Transport.Feed(server.Codec, bytes.AsSpan(0, first));
        if (error is null && second > first)
        {
            error = server.Transport.Feed(server.Codec, bytes.AsSpan(first, second - first));
        }

        if (error is null && bytes.Length > second)
        {
            error = server.Transport.Feed(server.Codec, bytes.AsSpan(second));
        }

        return Outcome(server, error);
    }

    private static string Outcome(ServerHarness server, ErrorDetail? error)
    {
        var text = new StringBuilder();
        text.Append(error?.Details).Append('\n').AppendJoin('\n', server.Written());
        foreach (RecordingReceiver stream in server.Owner.Streams)
        {
            text.Append('\n').Append(stream.Transcript());
        }

        server.Codec.OnConnectionClosed(Sidecar.Http.Codec.StreamResetReason.ConnectionTermination);
        Assert.Equal(0, server.Transport.Memory.Slabs.Outstanding);
        Assert.Equal(0, server.Pool.Outstanding);
        return text.ToString();
    }
}
