using System;
using System.Collections.Generic;
using Sidecar.Event.Io;
using Sidecar.Event.Timers;

namespace Sidecar.Event.Tests.Harness;

internal sealed class LambdaTimer(Action<Timer> action) : TimerHandler
{
    public override void OnTimer(Timer timer) => action(timer);
}

internal sealed class LambdaCallback(Action<SchedulableCallback> action) : CallbackHandler
{
    public override void OnCallback(SchedulableCallback callback) => action(callback);
}

internal sealed class LambdaDelete(Action action) : DeferredDeletable
{
    protected internal override void OnDeferredDelete() => action();
}

internal sealed class LambdaFile(Action<FileReadiness> action) : FileEventHandler
{
    public override void OnReady(FileEvent file, FileReadiness readiness) => action(readiness);
}

/// <summary>Collects accepted descriptors.</summary>
internal sealed class RecordingAcceptor : AcceptHandler
{
    public List<int> Fds { get; } = [];

    public List<byte[]> Peers { get; } = [];

    public List<int> Errors { get; } = [];

    public override void OnAccepted(int fd, ReadOnlySpan<byte> peerSockaddr)
    {
        Fds.Add(fd);
        Peers.Add(peerSockaddr.ToArray());
    }

    public override void OnAcceptError(int errno) => Errors.Add(errno);
}
