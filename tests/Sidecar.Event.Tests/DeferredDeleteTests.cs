using System;
using System.Collections.Generic;
using Sidecar.Event.Tests.Harness;

namespace Sidecar.Event.Tests;

public sealed class DeferredDeleteTests : IDisposable
{
    private readonly TestLoop _loop = new();
    private readonly List<string> _ran = [];

    public void Dispose() => _loop.Dispose();

    [Fact]
    public void Deletes_Several_RunInOrderAfterCallbacks()
    {
        SchedulableCallback callback = _loop.Dispatcher.CreateCallback(new LambdaCallback(_ => _ran.Add("callback")));
        _loop.Dispatcher.DeferredDelete(new LambdaDelete(() => _ran.Add("first")));
        _loop.Dispatcher.DeferredDelete(new LambdaDelete(() => _ran.Add("second")));
        callback.ScheduleCurrentIteration();
        Assert.Empty(_ran);

        _loop.Run();

        Assert.Equal(["callback", "first", "second"], _ran);
    }

    [Fact]
    public void Delete_AddedByADelete_RunsInTheSameSweep()
    {
        var inner = new LambdaDelete(() => _ran.Add("inner"));
        _loop.Dispatcher.DeferredDelete(new LambdaDelete(() => _loop.Dispatcher.DeferredDelete(inner)));

        _loop.Run();

        Assert.Equal(["inner"], _ran);
    }

    [Fact]
    public void Delete_AddedTwice_RunsOnce()
    {
        var item = new LambdaDelete(() => _ran.Add("x"));
        _loop.Dispatcher.DeferredDelete(item);
        _loop.Dispatcher.DeferredDelete(item);

        _loop.Run();

        Assert.Single(_ran);
    }
}
