internal import Model

extension DeploymentError {
    /// Nothing is started on empty data unasked, nor on older data, nor on other data. It passes when the disk is mounted.
    /// `isSaved`: what is not restored may be in a backup; else it was looked for there.
    static func lostData(_ losses: [DataLoss], restores: Bool, isSaved: Bool = true) -> DeploymentError {
        let changes = [DataChange.missing, .replaced, .emptied, .blocked, .unreadable].filter { change in
            losses.contains { $0.change == change }
        }
        let words = changes.map { change in change.words(of: losses.filter { $0.change == change }.map(\.name)) }
        // What is not a directory is taken by no word.
        let names = losses.filter { $0.change.onlyWay == nil }.map { "--data \($0.name)" }.joined(separator: " ")
        let adoption = names.isEmpty ? [] : ["to go on with what is there now: 'fairlead adopt \(names)'"]
        let hints = changes.map { $0.hint(restores: restores) }
        return DeploymentError(
            (words + (isSaved ? [] : ["no backup holds it"])).joined(separator: "; "),
            hint: (hints + adoption).joined(separator: "; "),
            disposition: .transient, lasts: true)
    }
}

extension DataChange {
    fileprivate func words(of names: [String]) -> String {
        let list = names.quoted
        return switch self {
        case .missing: "the data of \(list) was on this host and is gone"
        case .replaced:
            "the data of \(list) is not there: another directory lies in the place of the one that was deployed"
        case .emptied: "the data of \(list) was on this host, and the directory is empty now"
        case .blocked:
            "the data of \(list) is not there: a link or a file lies in the place of the directory or above it"
        case .unreadable: "the data of \(list) cannot be read"
        }
    }

    fileprivate func hint(restores: Bool) -> String {
        let restore =
            restores ? "where it is lost, 'fairlead reconcile --force' restores the newest backup that holds it" : ""
        if let onlyWay { return onlyWay }
        let way =
            self == .emptied
            ? "where its service empties it at times, commit \"mayBeEmpty\": true for its volume"
            : "mount the disk that it is on, or move it back"
        return restore.isEmpty ? way : "\(way); \(restore)"
    }
}
