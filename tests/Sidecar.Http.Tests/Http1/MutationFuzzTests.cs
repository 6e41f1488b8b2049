using System;
using System.Diagnostics;
using System.Text;
using Sidecar.Core;
using Sidecar.Core.Errors;
using Sidecar.Http.Codec;
using Sidecar.Http.Http1;

namespace Sidecar.Http.Tests.Http1;

/// <summary>Valid messages with seeded damage, cut at random: no crash, no leak, the same result however they are cut.</summary>
public class MutationFuzzTests
{
    private const int Seed = 20_240_901;
    private const int RunMs = 2000;
    private const int MinimumRuns = 500;
    private const string TooLarge = "431";

    private static readonly string[] s_seeds =
    [
        "GET /a?b HTTP/1.1\r\nHost: example.com:80\r\nAccept: */*\r\nConnection: keep-alive, upgrade\r\nUpgrade: websocket\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nTrailer: x\r\n\r\n5;e=1\r\nhello\r\nA\r\n0123456789\r\n0\r\nX: 1\r\n\r\n",
        "PUT http://h/x HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nabcdGET /2 HTTP/1.1\r\nHost: h\r\n\r\n",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\nServer: s\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX-T: 1\r\n\r\n",
    ];

    private static readonly string[] s_tokens =
        ["\r\n", "\n", "\r", "\0", ":", " ", "\t", "Content-Length: 3\r\n", "Transfer-Encoding: chunked\r\n", "Host: b\r\n", "0\r\n\r\n", "ffffffff", "\u00ff", "HTTP/1.0", ","];

    private readonly WorkerMemory _memory = new();
    private readonly Http1Settings _settings = new() { EnableTrailers = true, AcceptHttp10 = true, MaxHeadersKb = 1 };

    [Fact]
    public void Mutated_Messages_NeverCrashOrLeakAndCutsDoNotMatter()
    {
        var random = new Random(Seed);
        var clock = Stopwatch.StartNew();
        int runs = 0;
        while (clock.ElapsedMilliseconds < RunMs || runs < MinimumRuns)
        {
            string message = Mutate(s_seeds[random.Next(s_seeds.Length)], random);
            int cut = random.Next(1, message.Length);
            Compare(message, Serve(message, message.Length), Serve(message, cut));
            Compare(message, Receive(message, message.Length), Receive(message, cut));
            runs++;
        }

        Assert.Equal(0, _memory.Slabs.Outstanding);
        Assert.Equal(0, _memory.ReceiveSlabs.Outstanding);
    }

    private static void Compare(string message, string whole, string cut)
    {
        // A line that is both broken and too large may be refused for the one or the other.
        if (whole != cut && whole != TooLarge && cut != TooLarge)
        {
            Assert.Fail($"{Convert.ToHexString(Encoding.Latin1.GetBytes(message))}\nwhole: {whole}\ncut: {cut}");
        }
    }

    private static string Mutate(string seed, Random random)
    {
        var text = new StringBuilder(seed);
        for (int n = random.Next(1, 5); n > 0; n--)
        {
            int at = random.Next(text.Length);
            switch (random.Next(5))
            {
                case 0:
                    text[at] = (char)random.Next(256);
                    break;
                case 1:
                    text.Remove(at, Math.Min(random.Next(1, 6), text.Length - at));
                    break;
                case 2:
                    text.Insert(at, s_tokens[random.Next(s_tokens.Length)]);
                    break;
                case 3:
                    text.Insert(at, text.ToString(at, Math.Min(random.Next(1, 30), text.Length - at)));
                    break;
                default:
                    text.Insert(at, new string((char)random.Next(256), random.Next(1, 1200)));
                    break;
            }

            if (text.Length < 2)
            {
                text.Append("GET");
            }
        }

        return text.ToString();
    }

    private string Serve(string message, int cut)
    {
        Http1ServerHarness server = new Http1ServerHarness(_settings, _memory).AnswerAtOnce();
        ErrorDetail? error = server.Feed(message[..cut]);
        error ??= cut < message.Length ? server.Feed(message[cut..]) : null;
        string result = $"{server.Transcript()}{error?.Details} {server.Codec.WantsClose} {server.Transport.TakeOutputText()}";
        result = error?.HttpStatus == 431 ? TooLarge : result;
        server.Codec.OnEndOfStream();
        server.Codec.OnConnectionClosed(StreamResetReason.ConnectionTermination);
        server.Transport.TakeOutput();
        return result;
    }

    private string Receive(string message, int cut)
    {
        Http1ClientHarness client = new Http1ClientHarness(_settings, _memory).Send();
        client.Transport.TakeOutput();
        ErrorDetail? error = client.Feed(message[..cut]);
        error ??= cut < message.Length ? client.Feed(message[cut..]) : null;
        string result = error?.HttpStatus == 431 ? TooLarge : client.Receiver.Transcript();
        client.Codec.OnEndOfStream();
        client.Codec.OnConnectionClosed(StreamResetReason.ConnectionTermination);
        return result;
    }
}
