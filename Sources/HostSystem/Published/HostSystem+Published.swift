internal import Files
internal import Glibc
public import Model

extension HostSystem {
    /// What comes of a connection from this host to each published port. A dead one costs two seconds, all of them together.
    public func answers(from ports: Set<PublishedPort>) async -> [PublishedPort: PortAnswer] {
        let own = OwnAddresses.current()
        let places: [PublishedPort: PortPlace] = ports.reduce(into: [:]) { $0[$1] = own.place(of: $1) }
        return await asked(places, onHost: true)
    }

    /// The same of ports of containers, at their own addresses. What else answers there, by the way to everywhere, is none.
    public func answers(within places: Set<PortPlace>) async -> [PortPlace: PortAnswer] {
        let isElsewhere = await engineProgram().product.traits.networks.mayLieElsewhere
        let links = HostInterface.all().filter(\.isUp).map(\.subnet)
        let near = places.filter { place in
            isElsewhere || links.contains { $0.contains(address: place.address) }
        }
        var answers = await asked(Dictionary(uniqueKeysWithValues: near.map { ($0, $0) }), onHost: false)
        let missed = NeighbourTable.current().missing
        for (place, answer) in answers where answer == .silent && missed.contains(place.address) {
            answers[place] = .unreached
        }
        for place in places.subtracting(near) { answers[place] = .unreached }
        return answers
    }

    private func asked<Key: Hashable & Sendable>(
        _ places: [Key: PortPlace], onHost: Bool
    ) async -> [Key: PortAnswer] {
        guard !places.isEmpty else { return [:] }
        let wanted = Array(Set(places.values))
        let found = try? await BlockingWork.run("ask for published ports", deadline: .seconds(30)) {
            () throws(HostError) in PortQuestion(onHost: onHost).answers(of: wanted)
        }
        return places.compactMapValues { found?[$0] }
    }
}

/// Asks for many ports at once.
private struct PortQuestion {
    /// Whether they are ports of this host, which it may keep itself.
    let onHost: Bool
    private static let patience = Duration.seconds(2)
    /// Sockets that are open at the same time.
    private static let width = 128

    func answers(of places: [PortPlace]) -> [PortPlace: PortAnswer] {
        var answers: [PortPlace: PortAnswer] = [:]
        for start in stride(from: 0, to: places.count, by: Self.width) {
            let attempts = places[start..<min(places.count, start + Self.width)].map(PortAttempt.init)
            PortAttempt.settle(attempts, within: Self.patience)
            if onHost { markUntaken(attempts) }
            for attempt in attempts { answers[attempt.place] = attempt.answer }
        }
        return answers
    }

    /// A proxy of an engine takes its connections at once, on a busy host a moment later.
    private func markUntaken(_ attempts: [PortAttempt]) {
        var suspects = attempts.filter { $0.answer == .taken }
        for round in 0..<4 where !suspects.isEmpty {
            if round > 0 { usleep(100_000) }
            let table = SocketTable.current()
            suspects = suspects.filter { $0.inode.map(table.isUntaken) ?? false }
        }
        for suspect in suspects { suspect.becameUntaken() }
    }
}
