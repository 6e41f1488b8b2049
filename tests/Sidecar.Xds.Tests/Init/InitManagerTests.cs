using System.Collections.Generic;
using Sidecar.Xds.Init;

namespace Sidecar.Xds.Tests.Init;

public sealed class InitManagerTests
{
    private readonly InitManager _manager = new("test");
    private int _initialized;

    [Fact]
    public void Manager_WithoutTargets_IsInitializedAtOnce()
    {
        _manager.Initialize(() => _initialized++);

        Assert.Equal(1, _initialized);
        Assert.Equal(InitState.Initialized, _manager.State);
    }

    [Fact]
    public void Manager_WaitsForTheLastTarget()
    {
        var a = new InitTarget("a", static () => { });
        var b = new InitTarget("b", static () => { });
        _manager.Add(a);
        _manager.Add(b);
        _manager.Initialize(() => _initialized++);

        a.Ready();
        Assert.Equal(0, _initialized);
        Assert.Equal(["b"], _manager.Unready);
        b.Ready();

        Assert.Equal(1, _initialized);
    }

    [Fact]
    public void Target_ReadyBeforeItIsAsked_IsNotStarted()
    {
        int started = 0;
        var target = new InitTarget("a", () => started++);
        target.Ready();
        _manager.Add(target);

        _manager.Initialize(() => _initialized++);

        Assert.Equal((0, 1), (started, _initialized));
    }

    [Fact]
    public void Target_ReadyWhileItStarts_DoesNotEndTheOthersWait()
    {
        InitTarget? quick = null;
        quick = new InitTarget("quick", () => quick!.Ready());
        var slow = new InitTarget("slow", static () => { });
        _manager.Add(quick);
        _manager.Add(slow);

        _manager.Initialize(() => _initialized++);
        Assert.Equal(0, _initialized);
        slow.Ready();

        Assert.Equal(1, _initialized);
    }

    [Fact]
    public void Target_AddedWhileInitializing_StartsAtOnceAndIsWaitedFor()
    {
        List<string> started = [];
        var late = new InitTarget("late", () => started.Add("late"));
        var first = new InitTarget("first", () =>
        {
            started.Add("first");
            _manager.Add(late);
        });
        _manager.Add(first);
        _manager.Initialize(() => _initialized++);

        first.Ready();
        Assert.Equal(0, _initialized);
        late.Ready();

        Assert.Equal(1, _initialized);
        Assert.Equal(["first", "late"], started);
    }

    [Fact]
    public void Target_ReadyTwice_CountsOnce()
    {
        var a = new InitTarget("a", static () => { });
        var b = new InitTarget("b", static () => { });
        _manager.Add(a);
        _manager.Add(b);
        _manager.Initialize(() => _initialized++);

        a.Ready();
        a.Ready();

        Assert.Equal(0, _initialized);
    }
}
