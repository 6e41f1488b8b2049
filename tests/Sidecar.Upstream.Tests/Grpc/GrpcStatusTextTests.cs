using System.Text;
using Sidecar.Upstream.Grpc;

namespace Sidecar.Upstream.Tests.Grpc;

public sealed class GrpcStatusTextTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("plain", "plain")]
    [InlineData("a%20b", "a b")]
    [InlineData("%e2%82%ac", "€")]
    [InlineData("%E2%82%AC", "€")]
    [InlineData("100%", "100%")]
    [InlineData("%zz", "%zz")]
    [InlineData("%2", "%2")]
    [InlineData("%25%32%35", "%25")]
    public void Message_Encoded_IsDecoded(string encoded, string expected) =>
        Assert.Equal(expected, GrpcStatusText.DecodeMessage(Encoding.ASCII.GetBytes(encoded)));

    [Theory]
    [InlineData("0", GrpcStatus.Ok)]
    [InlineData("14", GrpcStatus.Unavailable)]
    [InlineData("17", GrpcStatus.Unknown)]
    [InlineData("-1", GrpcStatus.Unknown)]
    [InlineData("", GrpcStatus.Unknown)]
    [InlineData("0x", GrpcStatus.Unknown)]
    [InlineData("99999999999", GrpcStatus.Unknown)]
    public void Status_OfTheHeader_IsParsed(string value, GrpcStatus expected) =>
        Assert.Equal(expected, GrpcStatusText.Parse(Encoding.ASCII.GetBytes(value)));

    [Theory]
    [InlineData(400, GrpcStatus.Internal)]
    [InlineData(401, GrpcStatus.Unauthenticated)]
    [InlineData(403, GrpcStatus.PermissionDenied)]
    [InlineData(404, GrpcStatus.Unimplemented)]
    [InlineData(429, GrpcStatus.Unavailable)]
    [InlineData(500, GrpcStatus.Unknown)]
    [InlineData(503, GrpcStatus.Unavailable)]
    public void Status_OfAnHttpError_FollowsTheMapping(int http, GrpcStatus expected) =>
        Assert.Equal(expected, GrpcStatusText.FromHttp(http));
}
