using System;
using Sidecar.Xds.Init;
using Sidecar.Xds.Tests.Harness;
using static Sidecar.Xds.Tests.Harness.Resources;

namespace Sidecar.Xds.Tests.Apply;

/// <summary>Listeners and their routes, from the stream to the listener manager.</summary>
public sealed class ListenerDiscoveryTests : IDisposable
{
    private readonly ApplyFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void Listeners_OfWhichOneIsBad_TakeEffectButForThatOne()
    {
        _fixture.Server.Send(Sotw(Lds, "1", "n1", "a", "bad", "c"));
        _fixture.Loop.Run();

        Assert.Equal(["+a", "+c"], _fixture.Listeners.Calls);
        Assert.Equal("Error adding/updating listener(s) bad: field: is wrong", Assert.Single(_fixture.Server.TakeSotw()).ErrorDetail.Message);
    }

    [Fact]
    public void Listener_WhoseAddressIsTaken_IsNacked()
    {
        _fixture.Server.Send(Sotw(Lds, "1", "n1", "taken"));
        _fixture.Loop.Run();

        Assert.Contains("Address already in use", Assert.Single(_fixture.Server.TakeSotw()).ErrorDetail.Message);
    }

    [Fact]
    public void Listener_Unchanged_IsNotAppliedAgain()
    {
        _fixture.Server.Send(Sotw(Lds, "1", "n1", "a"));

        _fixture.Server.Send(Sotw(Lds, "2", "n2", "a", "b"));

        Assert.Equal(["+a", "+b"], _fixture.Listeners.Calls);
    }

    [Fact]
    public void Listener_Absent_IsRemovedBeforeOthersAreAdded()
    {
        _fixture.Server.Send(Sotw(Lds, "1", "n1", "a"));

        _fixture.Server.Send(Sotw(Lds, "2", "n2", "b"));

        Assert.Equal(["+a", "-a", "+b"], _fixture.Listeners.Calls);
    }

    [Fact]
    public void Listener_WithRoutes_ServesWhenTheyHaveCome()
    {
        _fixture.Server.Send(Sotw(Lds, "1", "n1", "l:r"));
        Assert.Empty(_fixture.Listeners.Calls);
        Assert.Equal(1, _fixture.Listeners.Warming);
        Assert.Equal(["LDS [] version=1 nonce=n1", "RDS [r] version= nonce="], _fixture.Sent());

        _fixture.Server.Send(Sotw(Rds, "1", "n2", "r"));

        Assert.Equal(["+l:r"], _fixture.Listeners.Calls);
        Assert.Equal(0, _fixture.Listeners.Warming);
    }

    [Fact]
    public void Listener_WithoutRoutesInTime_Serves()
    {
        _fixture.Server.Send(Sotw(Lds, "1", "n1", "l:r"));

        _fixture.Loop.Advance(15_001);

        Assert.Equal(["+l:r"], _fixture.Listeners.Calls);
    }

    [Fact]
    public void Listeners_WithTheSameRoutes_ShareOneSubscription()
    {
        _fixture.Server.Send(Sotw(Lds, "1", "n1", "a:r", "b:r"));
        _fixture.Server.Send(Sotw(Rds, "1", "n2", "r"));

        Assert.Equal(1, _fixture.Routes.Count);
        Assert.Equal(["+a:r", "+b:r"], _fixture.Listeners.Calls);
    }

    [Fact]
    public void Routes_Rejected_AreNackedAndTheListenerServesWithout()
    {
        _fixture.Server.Send(Sotw(Lds, "1", "n1", "l:bad-routes"));
        _fixture.Sent();

        _fixture.Server.Send(Sotw(Rds, "1", "n2", "bad-routes"));

        Assert.Equal(["RDS [bad-routes] version= nonce=n2 NACK"], _fixture.Sent());
        Assert.Equal(["+l:bad-routes"], _fixture.Listeners.Calls);
    }

    [Fact]
    public void Listener_RemovedWhileItWarms_GivesItsRoutesBack()
    {
        _fixture.Server.Send(Sotw(Lds, "1", "n1", "l:r"));

        _fixture.Server.Send(Sotw(Lds, "2", "n2"));

        Assert.Equal(0, _fixture.Routes.Count);
        Assert.Equal(0, _fixture.Lds.WarmingCount);
    }

    [Fact]
    public void Routes_LiveUntilTheListenersLastConnectionIsClosed()
    {
        _fixture.Server.Send(Sotw(Lds, "1", "n1", "l:r"));
        _fixture.Server.Send(Sotw(Rds, "1", "n2", "r"));
        _fixture.Server.Send(Sotw(Lds, "2", "n3"));
        Assert.Equal(1, _fixture.Routes.Count);

        _fixture.Lds.OnListenerGone(_fixture.Listeners.Models[0]);

        Assert.Equal(0, _fixture.Routes.Count);
    }

    [Fact]
    public void ServerInit_WaitsForListenersThatWarm()
    {
        bool isDone = false;
        _fixture.ServerInit.Initialize(() => isDone = true);
        _fixture.Server.Send(Sotw(Lds, "1", "n1", "l:r"));
        Assert.False(isDone);

        _fixture.Server.Send(Sotw(Rds, "1", "n2", "r"));

        Assert.True(isDone);
        Assert.Equal(InitState.Initialized, _fixture.ServerInit.State);
    }
}
