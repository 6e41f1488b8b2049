using System;
using Sidecar.Http.Headers;
using Sidecar.Http.Http2;
using Sidecar.Http.Http2.Hpack;
using Sidecar.Http.Http2.Messages;

namespace Sidecar.Http.Tests.Http2.Hpack;

public class HpackAllocationTests
{
    [Fact]
    public void SteadyState_TenThousandBlocks_NoAllocation()
    {
        HeaderMap map = HpackText.Map(
            ":method: GET", ":scheme: http", ":path: /a/b?c=d", ":authority: example.com", "user-agent: test/1.0", "accept: */*",
            "x-request-id: 01234567-89ab-cdef-0123-456789abcdef", "x-custom: value");
        var encoder = new HpackEncoder(4096);
        var decoder = new HpackDecoder();
        var builder = new HeaderBlockBuilder();
        var target = new HeaderMap();
        var room = new byte[HpackEncoder.MaxEncodedBytes(map)];
        long before = 0;
        for (int i = 0; i < 11_000; i++)
        {
            if (i == 1_000)
            {
                before = GC.GetAllocatedBytesForCurrentThread();
            }

            int length = encoder.Encode(map, room);
            target.Clear();
            builder.Begin(target, MessageKind.Request, Http2Settings.Default);
            if (!decoder.TryDecode(room.AsSpan(0, length), builder) || builder.Finish() is not null)
            {
                Assert.Fail("decoding failed");
            }
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(8, target.Count);
    }
}
