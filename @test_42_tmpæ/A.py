if 1:
        import time
        time.sleep(0.5)
        x = 'a'
        import C
        