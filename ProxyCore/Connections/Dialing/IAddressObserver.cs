using System.Net;

namespace ProxyCore.Connections.Dialing;

/// <summary>Follows an <see cref="AddressSequence"/>.</summary>
internal interface IAddressObserver
{
    /// <summary>The connect to <paramref name="address"/> begins.</summary>
    void OnTrying(EndPoint address);

    /// <summary>The connect takes longer than most.</summary>
    void OnSlow();

    /// <summary>An address is connected; TLS is being agreed on with it.</summary>
    void OnSecuring();

    /// <summary>The connect to <paramref name="address"/> failed; the next address follows.</summary>
    void OnAddressFailed(EndPoint address, string cause);

    /// <summary>The sequence is over: an address is connected, or the last of them failed.</summary>
    void OnCompleted(ConnectOutcome outcome);
}
