using Sidecar.Event.Native;
using Sidecar.Event.Signals;
using Sidecar.Event.Tests.Harness;

namespace Sidecar.Event.Tests.Signals;

public sealed class SignalTests
{
    [Theory]
    [InlineData(Signal.Terminate)]
    [InlineData(Signal.Interrupt)]
    [InlineData(Signal.Hangup)]
    [InlineData(Signal.User1)]
    public void Signal_Raised_ReachesTheLoopAndNotItsDefaultAction(int signo)
    {
        using var loop = new TestLoop("main_thread");
        var handler = new CountingHandler();
        using SignalEvent signal = loop.Dispatcher.ListenForSignal(signo, handler);

        Sys.Kill(Sys.GetPid(), signo);
        loop.RunUntil(() => handler.Count == 1);
        Sys.Kill(Sys.GetPid(), signo);
        loop.RunUntil(() => handler.Count == 2);

        Assert.Equal(signo, handler.Last);
    }

    private sealed class CountingHandler : SignalHandler
    {
        public int Count { get; private set; }

        public int Last { get; private set; }

        public override void OnSignal(int signo)
        {
            Count++;
            Last = signo;
        }
    }
}
