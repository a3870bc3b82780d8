# MINIP, server and client, with the faults that a bench must survive: ROLE HOST PORT COUNT FAULT
# A server that ignores signals says that it was sent one. An impatient client waits two seconds for an answer.
use strict;
use warnings;
use Socket;
use IO::Socket::INET;

my ($role, $host, $port, $count, $fault) = @ARGV;
$| = 1;

sub message { return pack("C a4 C Q<", $_[0], $_[1], 3, 0) }

sub server {
    exit 3 if $fault eq "die-early";
    sleep 600 if $fault eq "never-ready";
    $SIG{INT} = $SIG{TERM} = sub { print "ignores SIG$_[0]\n" } if $fault eq "ignore-signals";
    if ($fault eq "fork") {
        my $parent = $$;
        exit 0 if fork();
        # Whoever takes the parent's end for that of all, as a container does, has done so before the port is bound.
        select(undef, undef, undef, 0.01) while getppid() == $parent;
        sleep 1;
    }
    my $bound = $fault eq "wrong-port" ? $port + 1 : $port;
    my $socket = IO::Socket::INET->new(Proto => "udp", LocalAddr => "0.0.0.0", LocalPort => $bound)
        or die "bind: $!";
    if ($fault =~ /^flood-(\d+)$/) {
        my $block = ("x" x 1023 . "\n") x 1024;
        syswrite(STDOUT, $block) for 1 .. $1;
    }
    while (defined(my $peer = $socket->recv(my $data, 64)) || $!{EINTR}) {
        next unless defined $peer;
        exit 4 if $fault eq "die-later";
        $socket->send(message(2, "pong"));
    }
}

sub client {
    print "fetching from $host\n";
    my $socket = IO::Socket::INET->new(Proto => "udp", PeerAddr => $host, PeerPort => $port) or die "connect: $!";
    sleep 600 if $fault eq "hang";
    my $patience = $fault eq "impatient" ? 2 : 120;
    for (1 .. $count) {
        $socket->send(message(1, "ping"));
        my $waiting = "";
        vec($waiting, fileno($socket), 1) = 1;
        select($waiting, undef, undef, $patience) or die "no answer\n";
        defined($socket->recv(my $data, 64)) or die "recv: $!\n";
        print "pong\n";
    }
}

$role eq "server" ? server() : client();
