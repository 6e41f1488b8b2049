using System;
using System.Collections.Generic;
using System.Net;
using System.Text;
using Sidecar.Core.Errors;
using Sidecar.Core.Time;
using Sidecar.Http.Codec;
using Sidecar.Http.Headers;
using Sidecar.Network.Addresses;
using Sidecar.Proxy.Streams;
using Sidecar.Proxy.Substitution;

namespace Sidecar.Proxy.Tests.Substitution;

public class SubstitutionFormatTests
{
    [Theory]
    [InlineData("plain 100%% text", "plain 100% text")]
    [InlineData("%REQ(:METHOD)% %REQ(:path)%", "GET /p/q?x=1&y")]
    [InlineData("%REQ(X-MISSING?USER-AGENT)%", "curl")]
    [InlineData("%REQ(X-MISSING)%", "-")]
    [InlineData("%REQ(USER-AGENT):2%", "cu")]
    [InlineData("%REQ_WITHOUT_QUERY(:path)%", "/p/q")]
    [InlineData("%PATH%", "/p/q?x=1&y")]
    [InlineData("%PATH(NQ)%", "/p/q")]
    [InlineData("%PATH(WQ:ORIG)%", "-")]
    [InlineData("%QUERY_PARAM(x)%", "1")]
    [InlineData("%RESP(X-UP)% %TRAILER(x-t)%", "up tr")]
    [InlineData("%PROTOCOL% %UPSTREAM_PROTOCOL%", "HTTP/1.1 HTTP/2")]
    [InlineData("%RESPONSE_CODE% %RESPONSE_CODE_DETAILS%", "503 no_healthy_upstream_here")]
    [InlineData("%RESPONSE_CODE_DETAILS(ALLOW_WHITESPACES)%", "no healthy\tupstream here")]
    [InlineData("%RESPONSE_FLAGS% %RESPONSE_FLAGS_LONG%", "UH,URX NoHealthyUpstream,UpstreamRetryLimitExceeded")]
    [InlineData("%BYTES_RECEIVED%/%BYTES_SENT%", "10/20")]
    [InlineData("%DURATION% %REQUEST_DURATION% %RESPONSE_DURATION% %RESPONSE_TX_DURATION%", "50 5 30 15")]
    [InlineData("%COMMON_DURATION(DS_RX_BEG:US_RX_BEG:us)%", "30000")]
    [InlineData("%COMMON_DURATION(US_CX_BEG:DS_TX_END:ms)%", "-")]
    [InlineData("%UPSTREAM_HOST% %UPSTREAM_CLUSTER% %UPSTREAM_CLUSTER_RAW%", "10.0.0.2:8080 alt c")]
    [InlineData("%UPSTREAM_REQUEST_ATTEMPT_COUNT%", "2")]
    [InlineData("%UPSTREAM_TRANSPORT_FAILURE_REASON%", "delayed_connect_error:_111")]
    [InlineData("%DOWNSTREAM_REMOTE_ADDRESS% %DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT% %DOWNSTREAM_REMOTE_PORT%", "192.0.2.1:5555 192.0.2.1 5555")]
    [InlineData("%DYNAMIC_METADATA(f:k)% %DYNAMIC_METADATA(f:n:m)% %DYNAMIC_METADATA(f:none)%", "v [1,true] -")]
    [InlineData("%DYNAMIC_METADATA([\"f\",\"k\"])%", "v")]
    [InlineData("%METADATA(DYNAMIC:f:k)%", "v")]
    [InlineData("%FILTER_STATE(obj:PLAIN)% %FILTER_STATE(obj)%", "state \"state\"")]
    [InlineData("%START_TIME%", "2018-04-03T23:58:08.123Z")]
    [InlineData("%START_TIME(%Y/%m/%dT%H:%M:%S%z %s)%", "2018/04/03T23:58:08+0000 1522799888")]
    [InlineData("%START_TIME(%s.%3f)% %START_TIME(%f)% %START_TIME(%6f)%", "1522799888.123 123456789 123456")]
    [InlineData("%START_TIME(%a, %e %b %y %I:%M %p)%", "Tue,  3 Apr 18 11:58 PM")]
    [InlineData("%EMIT_TIME(%s.%3f)%", "1522799888.173")]
    [InlineData("%DOWNSTREAM_TLS_VERSION%", "-")]
    [InlineData("%ACCESS_LOG_TYPE%", "DownstreamEnd")]
    [InlineData("%GRPC_STATUS%", "-")]
    [InlineData("%STREAM_ID%", "-")]
    public void Write_Operator_PrintsAsEnvoyDoes(string format, string expected)
    {
        Assert.Equal(expected, Write(SubstitutionFormat.Compile(format)));
    }

    [Theory]
    [InlineData("5", "%GRPC_STATUS%", "NotFound")]
    [InlineData("5", "%GRPC_STATUS(SNAKE_STRING)%", "NOT_FOUND")]
    [InlineData("5", "%GRPC_STATUS_NUMBER%", "5")]
    [InlineData("99", "%GRPC_STATUS%", "99")]
    [InlineData("x", "%GRPC_STATUS%", "-")]
    public void Write_GrpcStatus_FromTrailers(string status, string format, string expected)
    {
        var output = new TextBuffer();
        var context = new FormatContext(
            new StreamInfo(), TestHeaders.Request("/", "a", ("content-type", "application/grpc")), null, TestHeaders.Of(("grpc-status", status)));

        SubstitutionFormat.Compile(format).Write(in context, output);

        Assert.Equal(expected, Encoding.UTF8.GetString(output.Written));
    }

    [Fact]
    public void Write_OmitEmptyValues_MissingIsNothing()
    {
        Assert.Equal("[]", Write(SubstitutionFormat.Compile("[%REQ(x-missing)%]", omitEmptyValues: true)));
    }

    [Theory]
    [InlineData("%NO_SUCH_THING%", "Not supported field in StreamInfo: NO_SUCH_THING")]
    [InlineData("%REQ(x", "Couldn't find valid command at position 0")]
    [InlineData("a %REQ(x)", "Couldn't find valid command at position 2")]
    [InlineData("%", "Couldn't find valid command at position 0")]
    [InlineData("%req(x)%", "Couldn't find valid command")]
    [InlineData("%REQ(x):y%", "Couldn't find valid command")]
    [InlineData("%REQ%", "REQ requires parameters")]
    [InlineData("%REQ(a?b?c)%", "More than 1 alternative header")]
    [InlineData("%PROTOCOL(x)%", "PROTOCOL does not take parameters")]
    [InlineData("%START_TIME(%Q)%", "specifier %Q is not supported")]
    [InlineData("%COMMON_DURATION(A:B:ms)%", "Invalid common duration time point 'A'")]
    public void Compile_Malformed_ErrorNamesIt(string format, string message)
    {
        Assert.Contains(message, Assert.Throws<SubstitutionFormatException>(() => SubstitutionFormat.Compile(format)).Message);
    }

    [Fact]
    public void Write_SteadyState_AllocatesNothing()
    {
        SubstitutionFormat format = SubstitutionFormat.Compile(
            "[%START_TIME%] %REQ(:path)% %RESPONSE_CODE% %RESPONSE_CODE_DETAILS% %RESPONSE_FLAGS% %DURATION% %UPSTREAM_HOST% %DYNAMIC_METADATA(f:n)% %ROUTE_NAME%");
        var output = new TextBuffer();
        FormatContext context = Context();
        format.Write(in context, output);

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
        {
            output.Clear();
            format.Write(in context, output);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    internal static FormatContext Context()
    {
        const long start = 1_000_000_000;
        var info = new StreamInfo
        {
            Protocol = HttpProtocol.Http11,
            ResponseCode = 503,
            ResponseCodeDetails = "no healthy\tupstream here",
            ResponseFlags = ResponseFlags.NoHealthyUpstream | ResponseFlags.UpstreamRetryLimitExceeded,
            BytesReceived = 10,
            BytesSent = 20,
            AttemptCount = 2,
            DownstreamRemoteAddress = Address.FromIp(IPAddress.Parse("192.0.2.1"), 5555),
        };
        info.Begin(null!, start, new FixedTime(start, 1_522_799_888_123_456_789));
        info.Times.LastDownstreamRxByteNs = start + 5_000_000;
        info.Times.FirstUpstreamRxByteNs = start + 30_000_000;
        info.Times.LastDownstreamTxByteNs = start + 45_000_000;
        info.Complete(start + 50_000_000);
        info.Upstream.HostAddress = Address.FromIp(IPAddress.Parse("10.0.0.2"), 8080);
        info.Upstream.Protocol = HttpProtocol.Http2;
        info.Upstream.ClusterName = "c";
        info.Upstream.ClusterObservabilityName = "alt";
        info.Upstream.TransportFailureReason = "delayed connect error: 111";
        info.DynamicMetadata.Set("f", StructValue.From(new Dictionary<string, StructValue>
        {
            ["k"] = StructValue.From("v"),
            ["n"] = StructValue.From(new Dictionary<string, StructValue> { ["m"] = StructValue.From([StructValue.From(1), StructValue.From(true)]) }),
        }));
        info.FilterState.Set("obj", new TextState());
        HeaderMap request = TestHeaders.Request("/p/q?x=1&y", "a.test", ("user-agent", "curl"));
        return new FormatContext(
            info, request, TestHeaders.Of((":status", "503"), ("x-up", "up")), TestHeaders.Of(("x-t", "tr")), AccessLogType.DownstreamEnd);
    }

    private static string Write(SubstitutionFormat format)
    {
        var output = new TextBuffer();
        FormatContext context = Context();
        format.Write(in context, output);
        return Encoding.UTF8.GetString(output.Written);
    }

    private sealed class FixedTime(long monotonicNs, long unixNs) : TimeSource
    {
        public override long MonotonicNs => monotonicNs;

        public override long UnixNs => unixNs;
    }

    private sealed class TextState : FilterStateObject
    {
        public override bool TryWriteText(TextBuffer output)
        {
            output.Append("state"u8);
            return true;
        }
    }
}
