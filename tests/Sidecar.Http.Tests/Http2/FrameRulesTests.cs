using System.Collections.Generic;
using Sidecar.Core.Errors;
using Sidecar.Http.Errors;
using Sidecar.Http.Http2;
using Sidecar.Http.Http2.Frames;
using Sidecar.Http.Tests.Http2.Harness;
using Sidecar.Testing.Http2;

namespace Sidecar.Http.Tests.Http2;

/// <summary>Guards on frame headers (RFC 9113 sections 4 and 6): each breach ends the connection with the code of the RFC.</summary>
public class FrameRulesTests
{
    public static TheoryData<string, string> BadFrames()
    {
        var rows = new TheoryData<string, string>();
        foreach (KeyValuePair<string, (Http2Script, ErrorDetail)> bad in s_bad)
        {
            rows.Add(bad.Key, bad.Value.Item2.Details);
        }

        return rows;
    }

    private static readonly Dictionary<string, (Http2Script Script, ErrorDetail Error)> s_bad = new()
    {
        ["DATA_OnStreamZero"] = (new Http2Script().Data(0, "x"), Http2Errors.StreamIdOfFrame),
        ["DATA_PaddingAsLongAsPayload"] =
            (new Http2Script().Post(1).Frame(FrameType.Data, FrameFlags.Padded, 1, 4, 1, 2, 3), Http2Errors.Padding),
        ["DATA_PaddedButEmpty"] = (new Http2Script().Post(1).Frame(FrameType.Data, FrameFlags.Padded, 1), Http2Errors.FrameSize),
        ["DATA_OnIdleStream"] = (new Http2Script().Data(1, "x"), Http2Errors.IdleStream),
        ["DATA_OnIdleEvenStream"] = (new Http2Script().Get(1).Data(2, "x"), Http2Errors.IdleStream),
        ["HEADERS_OnStreamZero"] = (new Http2Script().Get(0), Http2Errors.StreamIdOfFrame),
        ["HEADERS_OnEvenStream"] = (new Http2Script().Get(2), Http2Errors.StreamIdOfFrame),
        ["HEADERS_PaddedButEmpty"] = (new Http2Script().Frame(FrameType.Headers, FrameFlags.Padded, 1), Http2Errors.FrameSize),
        ["HEADERS_PaddingTooLong"] =
            (new Http2Script().Frame(FrameType.Headers, FrameFlags.Padded | FrameFlags.EndHeaders, 1, 3, 0x82, 0x86), Http2Errors.Padding),
        ["HEADERS_PriorityCutShort"] =
            (new Http2Script().Frame(FrameType.Headers, FrameFlags.Priority, 1, 0, 0, 0, 0), Http2Errors.FrameSize),
        ["HEADERS_DependOnThemselves"] =
            (new Http2Script().Frame(FrameType.Headers, FrameFlags.Priority, 1, 0, 0, 0, 1, 5), Http2Errors.SelfDependency),
        ["HEADERS_NotHpack"] = (new Http2Script().Frame(FrameType.Headers, FrameFlags.EndHeaders, 1, 0x80), Http2Errors.Compression),
        ["PRIORITY_OnStreamZero"] = (new Http2Script().Priority(0), Http2Errors.StreamIdOfFrame),
        ["PRIORITY_OfWrongLength"] = (new Http2Script().Frame(FrameType.Priority, FrameFlags.None, 1, 0, 0, 0, 0), Http2Errors.FrameSize),
        ["PRIORITY_OnItself"] = (new Http2Script().Priority(3, 3), Http2Errors.SelfDependency),
        ["RST_STREAM_OnStreamZero"] = (new Http2Script().RstStream(0, Http2ErrorCode.Cancel), Http2Errors.StreamIdOfFrame),
        ["RST_STREAM_OnIdleStream"] = (new Http2Script().RstStream(1, Http2ErrorCode.Cancel), Http2Errors.IdleStream),
        ["RST_STREAM_OfWrongLength"] = (new Http2Script().Frame(FrameType.RstStream, FrameFlags.None, 1, 0, 0, 0), Http2Errors.FrameSize),
        ["SETTINGS_OnAStream"] = (new Http2Script().Frame(FrameType.Settings, FrameFlags.None, 1), Http2Errors.StreamIdOfFrame),
        ["SETTINGS_OfWrongLength"] =
            (new Http2Script().Frame(FrameType.Settings, FrameFlags.None, 0, 0, 1, 0, 0, 0), Http2Errors.FrameSize),
        ["SETTINGS_AckWithPayload"] =
            (new Http2Script().Frame(FrameType.Settings, FrameFlags.Ack, 0, 0, 1, 0, 0, 0, 0), Http2Errors.FrameSize),
        ["SETTINGS_AckTwice"] = (new Http2Script().SettingsAck(), Http2Errors.UnexpectedSettingsAck),
        ["SETTINGS_EnablePushOfTwo"] = (new Http2Script().Settings((SettingId.EnablePush, 2)), Http2Errors.InvalidSetting),
        ["SETTINGS_WindowTooLarge"] =
            (new Http2Script().Settings((SettingId.InitialWindowSize, 0x8000_0000)), Http2Errors.InvalidWindowSetting),
        ["SETTINGS_FrameSizeTooSmall"] = (new Http2Script().Settings((SettingId.MaxFrameSize, 16_383)), Http2Errors.InvalidSetting),
        ["SETTINGS_FrameSizeTooLarge"] = (new Http2Script().Settings((SettingId.MaxFrameSize, 1 << 24)), Http2Errors.InvalidSetting),
        ["SETTINGS_ConnectProtocolOfTwo"] = (new Http2Script().Settings((SettingId.EnableConnectProtocol, 2)), Http2Errors.InvalidSetting),
        ["PUSH_PROMISE_FromClient"] =
            (new Http2Script().Frame(FrameType.PushPromise, FrameFlags.EndHeaders, 1, 0, 0, 0, 2), Http2Errors.PushPromise),
        ["PING_OnAStream"] = (new Http2Script().Frame(FrameType.Ping, FrameFlags.None, 1, new byte[8]), Http2Errors.StreamIdOfFrame),
        ["PING_OfWrongLength"] = (new Http2Script().Frame(FrameType.Ping, FrameFlags.None, 0, new byte[7]), Http2Errors.FrameSize),
        ["GOAWAY_OnAStream"] = (new Http2Script().Frame(FrameType.GoAway, FrameFlags.None, 1, new byte[8]), Http2Errors.StreamIdOfFrame),
        ["GOAWAY_TooShort"] = (new Http2Script().Frame(FrameType.GoAway, FrameFlags.None, 0, new byte[7]), Http2Errors.FrameSize),
        ["WINDOW_UPDATE_OfWrongLength"] =
            (new Http2Script().Frame(FrameType.WindowUpdate, FrameFlags.None, 0, 0, 0, 1), Http2Errors.FrameSize),
        ["WINDOW_UPDATE_OfZero"] = (new Http2Script().WindowUpdate(0, 0), Http2Errors.ZeroIncrement),
        ["WINDOW_UPDATE_Overflow"] = (new Http2Script().WindowUpdate(0, int.MaxValue), Http2Errors.WindowOverflow),
        ["WINDOW_UPDATE_OnIdleStream"] = (new Http2Script().WindowUpdate(1, 1), Http2Errors.IdleStream),
        ["CONTINUATION_WithoutHeaders"] =
            (new Http2Script().Frame(FrameType.Continuation, FrameFlags.EndHeaders, 1), Http2Errors.UnexpectedContinuation),
        ["CONTINUATION_OnStreamZero"] =
            (new Http2Script().Frame(FrameType.Continuation, FrameFlags.EndHeaders, 0), Http2Errors.StreamIdOfFrame),
        ["CONTINUATION_OnAnotherStream"] = (
            new Http2Script().Frame(FrameType.Headers, FrameFlags.None, 1, 0x82).Frame(FrameType.Continuation, FrameFlags.EndHeaders, 3),
            Http2Errors.ContinuationExpected),
        ["DATA_InsideAHeaderBlock"] =
            (new Http2Script().Frame(FrameType.Headers, FrameFlags.None, 1, 0x82).Data(1, "x"), Http2Errors.ContinuationExpected),
        ["UnknownFrame_InsideAHeaderBlock"] = (
            new Http2Script().Frame(FrameType.Headers, FrameFlags.None, 1, 0x82).Frame((FrameType)0x42, FrameFlags.None, 1),
            Http2Errors.ContinuationExpected),
        ["AnyFrame_TooLong"] = (new Http2Script().Frame((FrameType)0x42, FrameFlags.None, 0, new byte[16_385]), Http2Errors.FrameSize),
        ["DATA_TooLong"] = (new Http2Script().Post(1).Frame(FrameType.Data, FrameFlags.None, 1, new byte[16_385]), Http2Errors.FrameSize),
    };

    [Theory]
    [MemberData(nameof(BadFrames))]
    public void Frame_AgainstTheRules_ConnectionError(string name, string details)
    {
        (Http2Script script, ErrorDetail expected) = s_bad[name];
        ServerHarness server = ServerHarness.Started();
        ErrorDetail? error = server.Feed(script);
        Assert.Same(expected, error);
        Assert.Equal(details, error!.Details);
        Assert.EndsWith(((Http2ErrorCode)expected.Http2Code).ToString(), server.Written()[^1], System.StringComparison.Ordinal);
        Assert.Equal(1, server.Stats.Get(Http2Stat.GoawaySent));
    }

    [Fact]
    public void Connection_AfterAnError_IsDeaf()
    {
        ServerHarness server = ServerHarness.Started();
        Assert.NotNull(server.Feed(new Http2Script().Get(2)));
        server.Written();
        Assert.Null(server.Feed(new Http2Script().Get(1)));
        Assert.Empty(server.Owner.Streams);
        Assert.Empty(server.Written());
    }

    [Fact]
    public void UnknownFrameAndUnknownSetting_AreIgnored()
    {
        ServerHarness server = ServerHarness.Started();
        Assert.Null(server.Feed(new Http2Script().Frame((FrameType)0xEE, (FrameFlags)0xFF, 77, 1, 2, 3).Settings(((SettingId)0x99, 5))
            .Get(1)));
        Assert.True(server.Owner.Last.Complete);
    }

    [Fact]
    public void ReservedBit_OfTheStreamId_IsIgnored()
    {
        ServerHarness server = ServerHarness.Started();
        byte[] bytes = new Http2Script().Get(1).ToArray();
        bytes[5] |= 0x80;
        Assert.Null(server.Feed(new Http2Script().Raw(bytes)));
        Assert.Equal(1u, server.Owner.Last.Sender!.StreamId);
    }

    [Fact]
    public void Client_PushPromise_ConnectionError()
    {
        ClientHarness client = ClientHarness.Started();
        client.Request();
        Assert.Same(Http2Errors.PushPromise,
            client.Feed(new Http2Script().Frame(FrameType.PushPromise, FrameFlags.EndHeaders, 1, 0, 0, 0, 2)));
    }

    [Fact]
    public void Client_ServerOffersToTakePushes_ConnectionError()
    {
        ClientHarness client = ClientHarness.Started();
        Assert.Same(Http2Errors.InvalidSetting, client.Feed(new Http2Script().Settings((SettingId.EnablePush, 1))));
    }
}
