using System;
using System.Collections.Generic;
using System.Threading;
using Sidecar.Event.Posts;
using Sidecar.Event.Tests.Harness;
using Sidecar.Event.Threads;

namespace Sidecar.Event.Tests.Posts;

public sealed class PostTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    [Fact]
    public void Posts_FromOneThread_RunInOrder()
    {
        using var loop = new TestLoop();
        var ran = new List<int>();
        for (int i = 0; i < 5; i++)
        {
            int n = i;
            loop.Dispatcher.Post(() => ran.Add(n));
        }

        loop.Run();

        Assert.Equal([0, 1, 2, 3, 4], ran);
    }

    [Fact]
    public void Post_FromAPost_RunsInTheNextIteration()
    {
        using var loop = new TestLoop();
        var ran = new List<string>();
        loop.Dispatcher.Post(() => loop.Dispatcher.Post(() => ran.Add("inner")));

        loop.Run();
        Assert.Empty(ran);
        loop.Run();

        Assert.Equal(["inner"], ran);
    }

    [Fact]
    public void Posts_FromManyThreads_AllRunInOrderOfEachProducer()
    {
        const int producers = 4;
        const int each = 20_000;
        Dispatcher dispatcher = TestLoop.CreateReal("worker_0");
        var worker = new WorkerThread(dispatcher);
        var last = new int[producers];
        int disorder = 0;
        using var done = new CountdownEvent(producers * each);
        worker.Start();
        var threads = new Thread[producers];
        for (int p = 0; p < producers; p++)
        {
            int producer = p;
            threads[p] = new Thread(() =>
            {
                for (int i = 1; i <= each; i++)
                {
                    dispatcher.Post(new OrderedWork(last, producer, i, () => disorder++, done));
                }
            });
            threads[p].Start();
        }

        Assert.True(done.Wait(s_patience));
        dispatcher.Exit();
        worker.Join();
        dispatcher.Dispose();

        Assert.Equal(0, disorder);
        Assert.All(last, n => Assert.Equal(each, n));
    }

    [Fact]
    public void Post_ToASleepingLoop_WakesIt()
    {
        Dispatcher dispatcher = TestLoop.CreateReal("worker_0");
        var worker = new WorkerThread(dispatcher);
        worker.Start();
        for (int i = 0; i < 1000; i++)
        {
            using var ran = new ManualResetEventSlim();
            dispatcher.Post(ran.Set);
            Assert.True(ran.Wait(s_patience), $"post {i} ran");
        }

        dispatcher.Exit();
        worker.Join();
        dispatcher.Dispose();
    }

    [Fact]
    public void Work_PostedAgainFromItsRun_RunsAgain()
    {
        using var loop = new TestLoop();
        var work = new Repeating(3);
        loop.Dispatcher.Post(work);

        for (int i = 0; i < 5; i++)
        {
            loop.Run();
        }

        Assert.Equal(0, work.Left);
    }

    private sealed class OrderedWork(int[] last, int producer, int number, Action disorder, CountdownEvent done) : PostedWork
    {
        public override void Run(Dispatcher dispatcher)
        {
            if (last[producer] != number - 1)
            {
                disorder();
            }

            last[producer] = number;
            done.Signal();
        }
    }

    private sealed class Repeating(int times) : PostedWork
    {
        public int Left { get; private set; } = times;

        public override void Run(Dispatcher dispatcher)
        {
            if (--Left > 0)
            {
                dispatcher.Post(this);
            }
        }
    }
}
