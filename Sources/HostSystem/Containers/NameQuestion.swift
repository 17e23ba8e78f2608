internal import Glibc
internal import Planning

/// Asks the engine's name server for a container, from the host, to see whether anybody is there.
struct NameQuestion {
    let name: String
    /// Its address: the host's own on the network.
    let server: String
    private static let patience = Duration.seconds(1)
    /// A datagram may be lost, and a server that reads its names anew does not listen for a moment.
    private static let tries = 3

    /// Any answer counts. `true` where it could not be asked.
    func isAnswered() -> Bool {
        guard let question = Self.bytes(name) else { return true }
        for _ in 0..<Self.tries {
            switch answer(to: question) {
            case .taken, .unknown: return true
            case .refused: usleep(300_000)
            case .silent, .untaken, .unreached: break
            }
        }
        return false
    }

    private func answer(to question: [UInt8]) -> PortAnswer {
        let family = server.contains(":") ? AF_INET6 : AF_INET
        let number = Glibc.socket(family, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard number >= 0 else { return .unknown }
        defer { close(number) }
        guard InternetAddress(PortPlace(server, 53))?.connect(number) == 0,
            send(number, question, question.count, Int32(MSG_NOSIGNAL)) == question.count
        else { return .unknown }
        var waiting = [pollfd(fd: number, events: Int16(POLLIN), revents: 0)]
        let milliseconds = Self.patience.components.seconds * 1000
        guard poll(&waiting, 1, Int32(milliseconds)) > 0 else { return .silent }
        var answer = [UInt8](repeating: 0, count: 512)
        if recv(number, &answer, answer.count, 0) >= 0 { return .taken }
        return errno == ECONNREFUSED ? .refused : .unknown
    }

    /// For its address of IPv4; `nil` for what is no name.
    static func bytes(_ name: String) -> [UInt8]? {
        let labels = name.split(separator: ".", omittingEmptySubsequences: false).map { Array($0.utf8) }
        guard name.utf8.count < 254, labels.allSatisfy({ (1..<64).contains($0.count) }) else { return nil }
        // A number that is told back, recursion wished, one question; type A, class IN.
        let head: [UInt8] = [0x66, 0x6C, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0]
        return head + labels.flatMap { [UInt8($0.count)] + $0 } + [0, 0, 1, 0, 1]
    }
}
