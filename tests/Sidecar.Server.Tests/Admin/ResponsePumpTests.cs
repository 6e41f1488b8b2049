using System;
using System.Buffers;
using System.Collections.Generic;
using System.Linq;
using Sidecar.Core.Buffers;
using Sidecar.Server.Admin;

namespace Sidecar.Server.Tests.Admin;

public sealed class ResponsePumpTests
{
    private readonly SlabPool _slabs = new(SlabPool.DefaultSlabBytes, maxFreeSlabs: 64);
    private readonly RecordingSink _sink = new();
    private readonly AdminHandlers _handlers = new();
    private readonly ResponsePump _pump;

    public ResponsePumpTests() => _pump = new ResponsePump(_sink, _slabs);

    [Fact]
    public void Body_WrittenAtOnce_IsOnePieceWithItsEnd()
    {
        Start("/x", response => response.Write("hello"));
        Assert.Equal(["headers 200", "data 5 end"], _sink.Events);
    }

    [Fact]
    public void Body_Empty_EndsWithTheHeaders()
    {
        Start("/x", _ => { });
        Assert.Equal(["headers 200 end"], _sink.Events);
    }

    [Fact]
    public void Head_Asked_SendsNoBody()
    {
        Start("/x", response => response.Rest = Large(3), "HEAD");
        Assert.Equal(["headers 200 end"], _sink.Events);
        Assert.Equal(0, _slabs.Outstanding);
    }

    [Fact]
    public void Client_Slow_GetsTheNextPieceWhenItHasTakenTheLast()
    {
        int made = 0;
        _sink.OnData = () => _pump.Pause(true);
        Start("/x", response => response.Rest = Large(100, () => made++));
        Assert.Equal(2, _sink.Events.Count);
        int before = made;
        _pump.Pause(false);
        Assert.Equal(3, _sink.Events.Count);
        Assert.InRange(made - before, 1, 8);
    }

    /// <summary>100 MB go through while never more than a few pieces are held.</summary>
    [Fact]
    public void Body_Large_IsSentInBoundedMemory()
    {
        const int steps = 12_500;
        Start("/x", response => response.Rest = Large(steps));
        Assert.Equal((long)steps * StepBytes, _sink.Bytes);
        Assert.InRange(_sink.LargestPiece, 1, ResponsePump.PieceBytes + StepBytes);
        Assert.EndsWith("end", _sink.Events[^1], StringComparison.Ordinal);
        Assert.Equal(0, _slabs.Outstanding);
    }

    [Fact]
    public void Client_Gone_StopsTheBody()
    {
        int made = 0;
        _sink.OnData = () =>
        {
            _sink.Close();
            _pump.Reset();
        };
        Start("/x", response => response.Rest = Large(100, () => made++));
        Assert.InRange(made, 1, 8);
        Assert.Equal(0, _slabs.Outstanding);
    }

    [Fact]
    public void Token_LargerThanASlab_IsWritten()
    {
        var buffer = new AdminBuffer(_slabs);
        using (var json = AdminResponse.CreateJson(buffer))
        {
            json.WriteStringValue(new string('x', 100_000));
        }

        Assert.Equal(100_002, buffer.Chain.Length);
        buffer.Chain.Clear();
    }

    private const int StepBytes = 8 * 1024;

    private static SteppedBody Large(int steps, Action? onStep = null)
    {
        return new SteppedBody(Write);

        IEnumerator<BodyStep> Write(IBufferWriter<byte> output)
        {
            byte[] step = [.. Enumerable.Repeat((byte)'x', StepBytes)];
            for (int i = 0; i < steps; i++)
            {
                onStep?.Invoke();
                output.Write(step);
                yield return default;
            }
        }
    }

    private void Start(string path, Action<AdminResponse> handle, string method = "GET")
    {
        _handlers.Add(new LambdaHandler(path, handle));
        _pump.Start(_handlers, AdminRequest.TryCreate(method, path)!);
    }

    private sealed class LambdaHandler(string path, Action<AdminResponse> handle) : AdminHandler(path, "test")
    {
        public override void Handle(AdminRequest request, AdminResponse response) => handle(response);
    }

    private sealed class RecordingSink : AdminSink
    {
        private bool _isClosed;

        public List<string> Events { get; } = [];

        public long Bytes { get; private set; }

        public long LargestPiece { get; private set; }

        public Action? OnData { get; set; }

        public override bool IsClosed => _isClosed;

        public void Close() => _isClosed = true;

        public override void SendHeaders(AdminResponse response, bool endStream) =>
            Events.Add($"headers {response.Status}{(endStream ? " end" : "")}");

        public override void SendData(BufferChain data, bool endStream)
        {
            Bytes += data.Length;
            LargestPiece = Math.Max(LargestPiece, data.Length);
            Events.Add($"data {data.Length}{(endStream ? " end" : "")}");
            data.Clear();
            OnData?.Invoke();
        }
    }
}
