using System;
using System.Threading;
using Sidecar.Core.Stats;
using Sidecar.Upstream.Clusters;
using Sidecar.Upstream.Stats;

namespace Sidecar.Upstream.CircuitBreakers;

/// <summary>
/// How many retries may be under way: a fixed number, or with a budget a share of the requests under way and waiting. Thread: its worker.
/// </summary>
public sealed class RetryLimit
{
    private readonly ResourceLimit _fixed;
    private readonly RetryBudget? _budget;
    private readonly SharedCounts _counts;
    private readonly StatBlock _stats;

    internal RetryLimit(ResourceLimit limit, RetryBudget? budget, SharedCounts counts, StatBlock stats)
    {
        _fixed = limit;
        _budget = budget;
        _counts = counts;
        _stats = stats;
    }

    /// <summary>Retries that may be under way now, over all workers.</summary>
    public long Max
    {
        get
        {
            if (_budget is null)
            {
                return _fixed.Max;
            }

            long active = _counts.Get(Resource.Requests) + _counts.Get(Resource.PendingRequests);
            double share = Math.Clamp(_budget.BudgetPercent, 0, 100) / 100 * active;
            return Math.Max((long)share, _budget.MinRetryConcurrency);
        }
    }

    /// <summary>Takes a unit; false when all are in use.</summary>
    public bool TryTake()
    {
        if (_budget is null)
        {
            return _fixed.TryTake();
        }

        if (_counts.Get(Resource.Retries) >= Max)
        {
            return false;
        }

        // Two workers may both take the last one: a share of a moving number needs no more exactness than that.
        Interlocked.Increment(ref _counts.Slot(Resource.Retries));
        UpdateOpen();
        return true;
    }

    /// <summary>Gives a unit back.</summary>
    public void Return()
    {
        if (_budget is null)
        {
            _fixed.Return();
            return;
        }

        Interlocked.Decrement(ref _counts.Slot(Resource.Retries));
        UpdateOpen();
    }

    /// <summary>Moves the gauge when the state that all workers share has changed; whoever changes it counts it.</summary>
    private void UpdateOpen()
    {
        long isOpen = _counts.Get(Resource.Retries) >= Max ? 1 : 0;
        long was = Interlocked.Exchange(ref _counts.RetryBudgetIsOpen, isOpen);
        if (was != isOpen)
        {
            _stats.Add((int)CircuitBreakerStat.RqRetryOpen, isOpen - was);
        }
    }
}
