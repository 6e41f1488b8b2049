using System;
using System.Text;
using System.Threading;
using Sidecar.Extensions.AccessLoggers.File;
using Sidecar.Proxy.Substitution;

namespace Sidecar.Extensions.Tests.AccessLoggers.File;

public class LogBlockQueueTests
{
    [Fact]
    public void TryTake_NothingPublished_False()
    {
        var queue = new LogBlockQueue();
        queue.Current.Append("x"u8);

        Assert.False(queue.TryTake(out _));
    }

    [Fact]
    public void TryPublish_FlusherBehind_RefusedUntilABlockIsReleased()
    {
        var queue = new LogBlockQueue();
        int published = 0;
        while (queue.TryPublish())
        {
            published++;
        }

        Assert.Equal(7, published);
        Assert.True(queue.TryTake(out _));
        queue.Release();
        Assert.True(queue.TryPublish());
    }

    [Fact]
    public void IsSpent_ClosedWithBlocksLeft_OnlyAfterTheyAreWritten()
    {
        var queue = new LogBlockQueue();
        queue.TryPublish();
        queue.Close();

        Assert.False(queue.IsSpent);
        queue.TryTake(out _);
        queue.Release();
        Assert.True(queue.IsSpent);
    }

    [Fact]
    public void TryPublish_BlocksUsedBefore_AllocatesNothing()
    {
        var queue = new LogBlockQueue();
        var lines = new byte[40 * 1024];
        for (int i = 0; i < 8; i++)
        {
            Cycle();
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 8; i++)
        {
            Cycle();
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Cycle()
        {
            queue.Current.Append(lines);
            queue.TryPublish();
            queue.TryTake(out _);
            queue.Release();
        }
    }

    [Fact]
    public void TwoThreads_ManyBlocks_EverythingArrivesInOrder()
    {
        const int count = 20_000;
        var queue = new LogBlockQueue();
        var received = new StringBuilder();
        var flusher = new Thread(() =>
        {
            int blocks = 0;
            while (blocks < count)
            {
                if (queue.TryTake(out TextBuffer block))
                {
                    received.Append(Encoding.UTF8.GetString(block.Written)).Append(',');
                    queue.Release();
                    blocks++;
                }
                else
                {
                    Thread.Yield();
                }
            }
        });
        flusher.Start();
        for (int i = 0; i < count; i++)
        {
            queue.Current.Append((long)i);
            while (!queue.TryPublish())
            {
                Thread.Yield();
            }
        }

        flusher.Join();
        string[] numbers = received.ToString().Split(',', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(count, numbers.Length);
        Assert.All(numbers, (text, index) => Assert.Equal(index.ToString(), text));
    }
}
