namespace Sidecar.Upstream.AsyncClient;

/// <summary>
/// Requests that the proxy makes itself: to control planes, authorization services, collectors. Thread: main (or one worker, with that
/// worker's clusters).
/// </summary>
public abstract class AsyncHttpClient
{
    /// <summary>
    /// Begins a request; the head is sent with <see cref="AsyncHttpStream.SendHeaders"/>. Null when the cluster does not exist or has no
    /// host to offer. Anything that fails later is told as a reset.
    /// </summary>
    /// <param name="cluster">Its name.</param>
    /// <param name="callbacks">Told of the response.</param>
    /// <param name="timeoutMs">For the exchange as a whole; 0 for none.</param>
    public abstract AsyncHttpStream? Start(string cluster, AsyncStreamCallbacks callbacks, long timeoutMs = 0);
}
