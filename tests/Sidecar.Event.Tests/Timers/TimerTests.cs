using System;
using System.Collections.Generic;
using Sidecar.Event.Tests.Harness;
using Sidecar.Event.Timers;

namespace Sidecar.Event.Tests.Timers;

public sealed class TimerTests : IDisposable
{
    private const long DayMs = 24L * 3600 * 1000;

    private readonly TestLoop _loop = new();
    private readonly List<string> _fired = [];

    public void Dispose() => _loop.Dispose();

    [Fact]
    public void Timers_DifferentDelays_FireInOrderOfDeadlines()
    {
        foreach (int delay in (int[])[700, 3, 64, 65, 5000, 1])
        {
            Create(delay.ToString()).Enable(delay);
        }

        _loop.Time.AdvanceMs(10_000);
        _loop.Run();

        Assert.Equal(["1", "3", "64", "65", "700", "5000"], _fired);
    }

    [Fact]
    public void Timers_SameDeadline_FireInOrderOfArming()
    {
        Timer first = Create("first");
        first.Enable(100);
        _loop.Advance(60);
        Create("second").Enable(40);

        _loop.Advance(40);

        Assert.Equal(["first", "second"], _fired);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(4095)]
    [InlineData(4096)]
    [InlineData(1_000_000)]
    [InlineData(24 * DayMs)]
    [InlineData(1000 * DayMs)]
    public void Timer_AnyDelay_FiresAtItsMillisecond(long delayMs)
    {
        Create("x").Enable(delayMs);

        _loop.Advance(delayMs - 1);
        Assert.Empty(_fired);
        _loop.Advance(1);

        Assert.Equal(["x"], _fired);
    }

    [Fact]
    public void Timer_FractionOfMillisecond_NeverFiresEarly()
    {
        _loop.Time.AdvanceNs(999_999);
        Create("x").Enable(1);

        _loop.Time.AdvanceNs(999_999);
        _loop.Run();
        Assert.Empty(_fired);
        _loop.Time.AdvanceNs(2);
        _loop.Run();

        Assert.Equal(["x"], _fired);
    }

    [Fact]
    public void Timer_NoDelay_FiresInNextIterationWithoutTimePassing()
    {
        Create("x").Enable(0);

        _loop.Run();

        Assert.Equal(["x"], _fired);
    }

    [Fact]
    public void Timer_RearmedInHandlerWithoutDelay_FiresOncePerIteration()
    {
        Timer timer = _loop.Dispatcher.CreateTimer(new LambdaTimer(t =>
        {
            _fired.Add("x");
            t.Enable(0);
        }));
        timer.Enable(5);

        _loop.Time.AdvanceMs(100);
        _loop.Run();
        Assert.Single(_fired);
        _loop.Run();

        Assert.Equal(2, _fired.Count);
    }

    [Fact]
    public void Timer_RearmedInHandler_KeepsItsPeriod()
    {
        Timer timer = _loop.Dispatcher.CreateTimer(new LambdaTimer(t =>
        {
            _fired.Add("x");
            t.Enable(10);
        }));
        timer.Enable(10);

        _loop.Advance(1000);

        Assert.Equal(100, _fired.Count);
    }

    [Fact]
    public void Timer_DisabledByAnEarlierOneOfTheSameTick_DoesNotFire()
    {
        Timer? second = null;
        Timer first = _loop.Dispatcher.CreateTimer(new LambdaTimer(_ => second!.Disable()));
        second = Create("second");
        first.Enable(10);
        second.Enable(10);

        _loop.Advance(20);

        Assert.Empty(_fired);
        Assert.False(second.IsEnabled);
    }

    [Fact]
    public void Timer_EnabledAgain_MovesToTheNewDeadline()
    {
        Timer timer = Create("x");
        timer.Enable(10);
        timer.Enable(50);

        _loop.Advance(49);
        Assert.Empty(_fired);
        _loop.Advance(1);

        Assert.Equal(["x"], _fired);
    }

    [Fact]
    public void Timer_InItsHandler_IsDisabled()
    {
        bool? wasEnabled = null;
        _loop.Dispatcher.CreateTimer(new LambdaTimer(t => wasEnabled = t.IsEnabled)).Enable(1);

        _loop.Advance(1);

        Assert.False(wasEnabled);
    }

    [Fact]
    public void Wheel_AgainstASortedList_FiresTheSameTimersInTheSameOrder()
    {
        var random = new Random(20300101);
        var expected = new List<(long Due, int Id)>();
        long now = 0;
        int id = 0;
        var actual = new List<(long Due, int Id)>();
        for (int round = 0; round < 400; round++)
        {
            for (int i = 0; i < 8; i++)
            {
                int mine = id++;
                long delay = 1 + (long)Math.Pow(2, random.NextDouble() * 22);
                long due = now + delay;
                Timer timer = _loop.Dispatcher.CreateTimer(new LambdaTimer(_ => actual.Add((due, mine))));
                timer.Enable(delay);
                if (random.Next(4) == 0)
                {
                    timer.Disable();
                }
                else
                {
                    expected.Add((due, mine));
                }
            }

            long step = 1 + (long)Math.Pow(2, random.NextDouble() * 16);
            now += step;
            _loop.Time.AdvanceMs(step);
            _loop.Run();
        }

        _loop.Time.AdvanceMs(1 << 24);
        _loop.Run();
        expected.Sort();
        Assert.Equal(expected, actual);
    }

    private Timer Create(string name) => _loop.Dispatcher.CreateTimer(new LambdaTimer(_ => _fired.Add(name)));
}
