using System;
using Sidecar.Core.Collections;
using Sidecar.Event;
using Sidecar.Xds.Scheduling;

namespace Sidecar.Xds.Mux;

/// <summary>
/// Holds a NACK back when the server sends again what was just NACKed: some servers do so at once, thousands of times a second, and each
/// round costs both sides a full validation. The first NACK goes at once. Thread: main.
/// </summary>
internal sealed class NackDamper
{
    private const long BaseMs = 500;
    private const long MaxMs = 30_000;

    private readonly JitteredBackOff _backOff;
    private readonly ActionTimer _timer;
    private string? _version;
    private ulong _fingerprint;

    public NackDamper(Dispatcher dispatcher, FastRandom random, Action onReleased)
    {
        _backOff = new JitteredBackOff(BaseMs, MaxMs, random, halfFixed: true);
        _timer = new ActionTimer(dispatcher, onReleased);
    }

    /// <summary>True while a NACK must wait.</summary>
    public bool IsHolding => _timer.IsEnabled;

    /// <summary>A response is NACKed; decides whether its NACK waits.</summary>
    /// <param name="version">The response's version; empty when it has none.</param>
    /// <param name="fingerprint">A hash of the response's content without its nonce.</param>
    public void OnRejected(string version, ulong fingerprint)
    {
        bool again = _version is not null && (fingerprint == _fingerprint || (version.Length > 0 && version == _version));
        _version = version;
        _fingerprint = fingerprint;
        if (again)
        {
            _timer.Enable(_backOff.NextMs());
            return;
        }

        _backOff.Reset();
        _timer.Disable();
    }

    /// <summary>A response was accepted: the quarrel is over.</summary>
    public void OnAccepted()
    {
        _version = null;
        _backOff.Reset();
        _timer.Disable();
    }

    /// <summary>The NACK goes out now with something more urgent, or its stream is gone.</summary>
    public void Release() => _timer.Disable();
}
