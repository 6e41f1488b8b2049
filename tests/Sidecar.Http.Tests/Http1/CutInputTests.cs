using System;
using Sidecar.Core;
using Sidecar.Core.Errors;
using Sidecar.Http.Http1;

namespace Sidecar.Http.Tests.Http1;

/// <summary>A parser that resumes must say the same however its input is cut.</summary>
public class CutInputTests
{
    private readonly WorkerMemory _memory = new();

    private static readonly Http1Settings s_settings = new() { EnableTrailers = true, AcceptHttp10 = true };

    public static TheoryData<string> Requests =>
    [
        "GET /a?b HTTP/1.1\r\nHost: example.com:80\r\nAccept: */*\r\nX-Long-Header-Name-Over-Thirty-Two-Bytes: some value that is longer than a vector is\r\n\r\n",
        "\r\nPOST / HTTP/1.1\r\nHost: h\r\nContent-Length: 11\r\n\r\nhello world",
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5;ext=1\r\nhello\r\nA\r\n0123456789\r\n0\r\nX-T: 1\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\nGET /next HTTP/1.1\r\nHost: h\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: h\r\n\r\nPUT /2 HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nabGET /3 HTTP/1.1\r\nHost: h\r\n\r\n",
        "GET / HTTP/1.0\r\nHost: h\r\nConnection: keep-alive\r\n\r\nGET /2 HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n",
        "OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: h\r\nbad line\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabcX\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: h\r\na: b\nc: d\r\n\r\n",
        "GET /x HTTP/1.1\nHost: h\r\n\r\n12345",
    ];

    public static TheoryData<string> Responses =>
    [
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nServer: s\r\n\r\nhello",
        "HTTP/1.1 200\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX-T: 1\r\n\r\n",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
        "HTTP/1.1 2000 OK\r\n\r\n",
        "SSH-2.0-OpenSSH_9.2\r\n",
    ];

    [Theory]
    [MemberData(nameof(Requests))]
    public void Request_CutAtEveryPosition_SameResult(string request)
    {
        string whole = RunServer(request);
        for (int i = 1; i < request.Length; i++)
        {
            Assert.Equal(whole, RunServer(request, i));
        }
    }

    [Theory]
    [MemberData(nameof(Requests))]
    public void Request_CutAtEveryTwoPositions_SameResult(string request)
    {
        string whole = RunServer(request);
        for (int i = 1; i < request.Length - 1; i++)
        {
            for (int j = i + 1; j < request.Length; j++)
            {
                string cut = RunServer(request, i, j);
                if (cut != whole)
                {
                    Assert.Fail($"cut at {i} and {j}: {cut}\nwhole: {whole}");
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Requests))]
    public void Request_ByteByByte_SameResult(string request) => Assert.Equal(RunServer(request), RunServer(request, EveryPosition(request)));

    [Theory]
    [MemberData(nameof(Responses))]
    public void Response_CutAtEveryTwoPositions_SameResult(string response)
    {
        string whole = RunClient(response);
        for (int i = 1; i < response.Length - 1; i++)
        {
            for (int j = i + 1; j < response.Length; j++)
            {
                Assert.Equal(whole, RunClient(response, i, j));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Responses))]
    public void Response_ByteByByte_SameResult(string response) => Assert.Equal(RunClient(response), RunClient(response, EveryPosition(response)));

    private static int[] EveryPosition(string text)
    {
        var cuts = new int[text.Length - 1];
        for (int i = 0; i < cuts.Length; i++)
        {
            cuts[i] = i + 1;
        }

        return cuts;
    }

    private string RunServer(string request, params int[] cuts)
    {
        Http1ServerHarness server = new Http1ServerHarness(s_settings, _memory).AnswerAtOnce();
        ErrorDetail? error = null;
        Each(request, cuts, piece => error ??= server.Feed(piece));
        string result = server.Transcript() + error?.Details + server.Codec.WantsClose + server.Transport.TakeOutputText();
        server.Codec.OnConnectionClosed(Sidecar.Http.Codec.StreamResetReason.ConnectionTermination);
        Assert.Equal(0, server.Transport.Memory.Slabs.Outstanding);
        Assert.Equal(0, server.Transport.ReadDisableCount);
        return result;
    }

    private string RunClient(string response, params int[] cuts)
    {
        Http1ClientHarness client = new Http1ClientHarness(s_settings, _memory).Send();
        client.Transport.TakeOutput();
        ErrorDetail? error = null;
        Each(response, cuts, piece => error ??= client.Feed(piece));
        Assert.Equal(0, client.Transport.Memory.Slabs.Outstanding);
        return client.Receiver.Transcript() + error?.Details + client.Owner.Reusable + client.Owner.ClosedStreams;
    }

    private static void Each(string text, int[] cuts, Action<string> feed)
    {
        int from = 0;
        foreach (int cut in cuts)
        {
            feed(text[from..cut]);
            from = cut;
        }

        feed(text[from..]);
    }
}
