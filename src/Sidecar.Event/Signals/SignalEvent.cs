using System;
using System.Runtime.InteropServices;
using System.Threading;
using Sidecar.Event.Posts;

namespace Sidecar.Event.Signals;

/// <summary>Told of a signal. Thread: main.</summary>
public abstract class SignalHandler
{
    /// <summary>The signal came, once or several times since the last call.</summary>
    public abstract void OnSignal(int signo);
}

/// <summary>
/// A signal as an event of the main dispatcher. The runtime already owns the process's signal handlers and has threads that do not
/// block signals, so a signalfd would miss most of them; the runtime's own registration takes raw numbers too, and posts here.
/// Thread: main.
/// </summary>
public sealed class SignalEvent : IDisposable
{
    private readonly PosixSignalRegistration _registration;
    private readonly Delivery _delivery;

    internal SignalEvent(Dispatcher dispatcher, int signo, SignalHandler handler)
    {
        _delivery = new Delivery(dispatcher, signo, handler);
        _registration = PosixSignalRegistration.Create((PosixSignal)signo, OnPosixSignal);
    }

    /// <summary>Gives the signal back to its default action.</summary>
    public void Dispose()
    {
        _delivery.IsClosed = true;
        _registration.Dispose();
    }

    private void OnPosixSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        _delivery.Send();
    }

    /// <summary>One object that is posted again and again: signals that arrive before it ran are one, as the kernel has it.</summary>
    private sealed class Delivery(Dispatcher dispatcher, int signo, SignalHandler handler) : PostedWork
    {
        private bool _isPosted;

        public bool IsClosed { get; set; }

        public void Send()
        {
            if (!Interlocked.Exchange(ref _isPosted, true))
            {
                dispatcher.Post(this);
            }
        }

        public override void Run(Dispatcher dispatcher)
        {
            Volatile.Write(ref _isPosted, false);
            if (!IsClosed)
            {
                handler.OnSignal(signo);
            }
        }
    }
}
