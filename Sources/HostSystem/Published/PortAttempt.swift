internal import Glibc
internal import Model

/// One TCP connection, opened to see what becomes of it, and closed without a word.
final class PortAttempt {
    let place: PortPlace
    private(set) var answer: PortAnswer?
    private let socket: Int32

    init(_ place: PortPlace) {
        self.place = place
        let family = place.address.contains(":") ? AF_INET6 : AF_INET
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        socket = Glibc.socket(family, kind, 0)
        guard socket >= 0 else {
            answer = .unknown
            return
        }
        guard let address = InternetAddress(place) else {
            answer = .unknown
            return
        }
        answer = Self.answer(for: address.connect(socket))
    }

    deinit { if socket >= 0 { close(socket) } }

    /// Waits for all of them together; what has no answer by then is silent.
    static func settle(_ attempts: [PortAttempt], within patience: Duration) {
        let end = ContinuousClock.now + patience
        while case let waiting = attempts.filter({ $0.answer == nil }), !waiting.isEmpty, ContinuousClock.now < end {
            var sockets = waiting.map { pollfd(fd: $0.socket, events: Int16(POLLOUT), revents: 0) }
            let milliseconds = ContinuousClock.now.duration(to: end).wholeMilliseconds
            guard poll(&sockets, nfds_t(sockets.count), Int32(max(1, milliseconds))) >= 0 || errno == EINTR else {
                break
            }
            for (attempt, socket) in zip(waiting, sockets) where socket.revents != 0 { attempt.conclude() }
        }
        for attempt in attempts where attempt.answer == nil { attempt.answer = .silent }
    }

    /// This host itself holds it, and no program takes it.
    func becameUntaken() { answer = .untaken }

    /// By which the kernel lists it.
    var inode: UInt64? {
        var status = stat()
        return socket >= 0 && fstat(socket, &status) == 0 ? UInt64(status.st_ino) : nil
    }

    private func conclude() {
        var code: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        let isKnown = getsockopt(socket, SOL_SOCKET, SO_ERROR, &code, &length) == 0
        answer = isKnown ? Self.answer(for: code) ?? .unknown : .unknown
    }

    private static func answer(for code: Int32) -> PortAnswer? {
        switch code {
        case 0: .taken
        case EINPROGRESS: nil
        case ECONNREFUSED: .refused
        case ENETUNREACH, EHOSTUNREACH: .unreached
        // A firewall of this host says EPERM.
        case ETIMEDOUT, ECONNRESET, EPERM, EACCES: .silent
        default: .unknown
        }
    }
}
