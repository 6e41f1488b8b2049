using System.Collections.Generic;
using System.Threading;
using Sidecar.Core.Stats;
using Sidecar.Upstream.CircuitBreakers;
using Sidecar.Upstream.Clusters;
using Sidecar.Upstream.Stats;

namespace Sidecar.Upstream.Tests.CircuitBreakers;

public class ResourceLimitTests
{
    private readonly StatStore _store = new();

    private StatStore.Instance _instance = null!;

    private List<ResourceLimits> Create(CircuitBreakerThresholds thresholds, int workers = 2)
    {
        _instance = _store.Register("cluster.c.circuit_breakers.default.", ResourceLimits.TableOf(thresholds));
        var counts = new SharedCounts();
        StatSheet main = _store.CreateSheet("main_thread");
        ResourceLimits.InitializeRemaining(thresholds, main.Block(_instance.Range));
        List<ResourceLimits> limits = [];
        for (int i = 0; i < workers; i++)
        {
            limits.Add(new ResourceLimits(thresholds, counts, _store.CreateSheet($"worker_{i}").Block(_instance.Range)));
        }

        return limits;
    }

    private long Gauge(CircuitBreakerStat stat) => _store.Sum(_instance, (int)stat);

    [Fact]
    public void TryTake_LimitReachedByAllWorkersTogether_Refused()
    {
        List<ResourceLimits> workers = Create(new CircuitBreakerThresholds { MaxRequests = 2 });

        Assert.True(workers[0].Requests.TryTake());
        Assert.True(workers[1].Requests.TryTake());
        Assert.False(workers[0].Requests.TryTake());
        Assert.False(workers[1].Requests.CanTake);
        Assert.Equal(1, Gauge(CircuitBreakerStat.RqOpen));
    }

    [Fact]
    public void Return_ByTheOtherWorker_ClosesTheBreaker()
    {
        List<ResourceLimits> workers = Create(new CircuitBreakerThresholds { MaxConnections = 1 });
        Assert.True(workers[0].Connections.TryTake());

        workers[1].Connections.Return();

        Assert.True(workers[1].Connections.CanTake);
        Assert.Equal(0, Gauge(CircuitBreakerStat.CxOpen));
    }

    [Fact]
    public void TakeAnyway_OverTheLimit_StaysOpenUntilBelow()
    {
        ResourceLimit connections = Create(new CircuitBreakerThresholds { MaxConnections = 1 })[0].Connections;
        connections.TryTake();
        connections.TakeAnyway();
        Assert.Equal(1, Gauge(CircuitBreakerStat.CxOpen));

        connections.Return();
        Assert.Equal(1, Gauge(CircuitBreakerStat.CxOpen));

        connections.Return();
        Assert.Equal(0, Gauge(CircuitBreakerStat.CxOpen));
    }

    [Fact]
    public void TryTake_LimitOfZero_Refused()
    {
        Assert.False(Create(new CircuitBreakerThresholds { MaxRequests = 0 })[0].Requests.TryTake());
    }

    [Fact]
    public void TryTake_EffectivelyUnlimited_NothingCounted()
    {
        ResourceLimit requests = Create(new CircuitBreakerThresholds { MaxRequests = uint.MaxValue })[0].Requests;

        Assert.True(requests.TryTake());
        Assert.Equal(0, requests.Count);
        requests.Return();
    }

    [Fact]
    public void Remaining_Tracked_CountsDownAndUp()
    {
        List<ResourceLimits> workers = Create(new CircuitBreakerThresholds { MaxRequests = 3, TrackRemaining = true });
        workers[0].Requests.TryTake();
        workers[1].Requests.TryTake();
        Assert.Equal(1, Gauge(CircuitBreakerStat.RemainingRq));

        workers[1].Requests.Return();
        workers[1].Requests.Return();

        Assert.Equal(3, Gauge(CircuitBreakerStat.RemainingRq));
        Assert.Equal(1024, Gauge(CircuitBreakerStat.RemainingCx));
    }

    [Theory]
    [InlineData(0, 3)]
    [InlineData(10, 3)]
    [InlineData(30, 6)]
    public void RetryBudget_ShareOfRequestsUnderWay_AtLeastTheMinimum(int requests, int retries)
    {
        ResourceLimits limits = Create(new CircuitBreakerThresholds { RetryBudget = new RetryBudget() })[0];
        for (int i = 0; i < requests; i++)
        {
            Assert.True(limits.Requests.TryTake());
        }

        int taken = 0;
        while (taken < 100 && limits.Retries.TryTake())
        {
            taken++;
        }

        Assert.Equal(retries, taken);
        Assert.Equal(1, Gauge(CircuitBreakerStat.RqRetryOpen));
        limits.Retries.Return();
        Assert.Equal(0, Gauge(CircuitBreakerStat.RqRetryOpen));
    }

    [Fact]
    public void Retries_WithoutBudget_FixedNumber()
    {
        ResourceLimits limits = Create(new CircuitBreakerThresholds { MaxRetries = 1 })[0];

        Assert.True(limits.Retries.TryTake());
        Assert.False(limits.Retries.TryTake());
        limits.Retries.Return();
        Assert.True(limits.Retries.TryTake());
    }

    [Fact]
    public void TryTake_TwoThreads_NeverOverTheLimitAndGaugesEndAtZero()
    {
        List<ResourceLimits> workers = Create(new CircuitBreakerThresholds { MaxRequests = 3, TrackRemaining = true });
        bool exceeded = false;
        var threads = new Thread[2];
        for (int i = 0; i < threads.Length; i++)
        {
            ResourceLimit requests = workers[i].Requests;
            threads[i] = new Thread(() =>
            {
                for (int n = 0; n < 50_000; n++)
                {
                    int held = 0;
                    while (held < 2 && requests.TryTake())
                    {
                        held++;
                    }

                    exceeded |= requests.Count > 3;
                    while (held-- > 0)
                    {
                        requests.Return();
                    }
                }
            });
            threads[i].Start();
        }

        foreach (Thread thread in threads)
        {
            thread.Join();
        }

        Assert.False(exceeded);
        Assert.Equal(0, workers[0].Requests.Count);
        Assert.Equal(0, Gauge(CircuitBreakerStat.RqOpen));
        Assert.Equal(3, Gauge(CircuitBreakerStat.RemainingRq));
    }
}
